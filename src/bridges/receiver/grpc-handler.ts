import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { create, toBinary } from "@bufbuild/protobuf";
import { anyPack, DurationSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { RerunError } from "../../errors.ts";
import type { Fields } from "../json/fields.ts";
import { RetryInfoSchema } from "../otlp/proto/google/rpc/error_details_pb.ts";
import { type Status, StatusSchema } from "../otlp/proto/google/rpc/status_pb.ts";
import { LogsService } from "../otlp/proto/opentelemetry/proto/collector/logs/v1/logs_service_pb.ts";
import { MetricsService } from "../otlp/proto/opentelemetry/proto/collector/metrics/v1/metrics_service_pb.ts";
import { TraceService } from "../otlp/proto/opentelemetry/proto/collector/trace/v1/trace_service_pb.ts";
import { answer, type HandlerOptions } from "./http-handler.ts";
import { BEHIND, type Refusal, UNAUTHENTICATED } from "./refusal.ts";
import { SERVICES } from "./signals.ts";
import { isAllowed } from "./token.ts";

/** What a request is counted as while it comes: gRPC does not say its length before. */
const RESERVED_BYTES = 4 << 20;

export type GrpcHandler = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** OTLP/gRPC. Who may not send, or sends too much at once, is refused before anything of the message is read. */
export function grpcHandler(options: HandlerOptions): GrpcHandler {
  const { budget, limits, token } = options;
  const adapter = connectNodeAdapter({
    grpc: true,
    grpcWeb: false,
    connect: false,
    readMaxBytes: Math.min(limits.packed, limits.unpacked),
    routes: (router) => routes(router, options),
  });
  return (request, response) => {
    if (!isAllowed(request.headers.authorization, token)) return refuse(response, UNAUTHENTICATED);
    if (!budget.take(RESERVED_BYTES)) return refuse(response, BEHIND);
    response.once("close", () => budget.give(RESERVED_BYTES));
    adapter(request, response);
  };
}

function routes(router: ConnectRouter, { intake }: HandlerOptions): void {
  const services = [TraceService, LogsService, MetricsService] as const;
  services.forEach((service, at) => {
    const signal = SERVICES[at] as (typeof SERVICES)[number];
    router.service(service as typeof TraceService, {
      export(request) {
        try {
          const { rejected, message } = intake.accept(signal, request as unknown as Fields);
          return answer(signal, rejected, message, BigInt) as object;
        } catch (error) {
          const code = error instanceof RerunError ? Code.Unavailable : Code.InvalidArgument;
          throw new ConnectError((error as Error).message, code);
        }
      },
    });
  });
}

/** Trailers only; clients read from the details when to come again (OTLP, "Throttling"). */
function refuse(response: Http2ServerResponse, { grpc, message, retryAfterSeconds }: Refusal): void {
  const details =
    retryAfterSeconds === undefined
      ? {}
      : { "grpc-status-details-bin": statusDetails(grpc, message, retryAfterSeconds) };
  response.writeHead(200, {
    "content-type": "application/grpc",
    "grpc-status": String(grpc),
    "grpc-message": encodeURIComponent(message),
    ...details,
  });
  response.end();
}

function statusDetails(code: number, message: string, seconds: number): string {
  const retryDelay = create(DurationSchema, { seconds: BigInt(seconds) });
  const details = [anyPack(RetryInfoSchema, create(RetryInfoSchema, { retryDelay }))];
  const status: Status = create(StatusSchema, { code, message, details });
  return Buffer.from(toBinary(StatusSchema, status)).toString("base64").replace(/=+$/, "");
}
