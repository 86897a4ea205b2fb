import { constants, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import { create, toBinary } from "@bufbuild/protobuf";
import { anyPack, DurationSchema } from "@bufbuild/protobuf/wkt";
import { RetryInfoSchema } from "../otlp/proto/google/rpc/error_details_pb.ts";
import { type Status, StatusSchema } from "../otlp/proto/google/rpc/status_pb.ts";
import { RequestBody } from "./body.ts";
import { type HandlerOptions, LINGER_MILLIS } from "./http-handler.ts";
import { answerOf, messageOf } from "./messages.ts";
import { type Refusal, Refused, refusalOf, UNAUTHENTICATED, unreadable } from "./refusal.ts";
import { SERVICES } from "./signals.ts";
import { isAllowed } from "./token.ts";

/** Flag and length in front of a message. */
const PREFIX_BYTES = 5;

/** A call that takes longer is cut off, however often a byte of it comes. */
const CALL_MILLIS = 30_000;

export type GrpcHandler = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/**
 * OTLP/gRPC: calls of one message each (gRPC over HTTP/2). Not by a library: none lets the bytes of all calls together be limited while
 * they come and while they are unpacked.
 */
export function grpcHandler(options: HandlerOptions): GrpcHandler {
  return (request, response) => {
    const deadline = setTimeout(() => response.stream.close(constants.NGHTTP2_CANCEL), CALL_MILLIS);
    response.once("close", () => clearTimeout(deadline));
    handle(request, response, options).catch(() => response.stream.close(constants.NGHTTP2_INTERNAL_ERROR));
  };
}

async function handle(request: Http2ServerRequest, response: Http2ServerResponse, options: HandlerOptions) {
  const { budget, limits, intake, token } = options;
  if (!/^application\/grpc($|[+;])/.test(request.headers["content-type"] ?? "")) {
    response.writeHead(415).end();
    return;
  }
  const body = new RequestBody(budget, limits);
  try {
    const service = SERVICES.find(({ grpcPath }) => grpcPath === request.url);
    if (service === undefined) throw new Refused(UNKNOWN_CALL);
    if (!isAllowed(request.headers.authorization, token)) throw new Refused(UNAUTHENTICATED);
    const encoding = request.headers["grpc-encoding"] ?? "identity";
    if (encoding !== "identity" && encoding !== "gzip") throw new Refused(UNKNOWN_ENCODING);
    const { isPacked, message } = messageIn(await body.read(request));
    const bytes = isPacked ? await body.unpack(message) : message;
    succeed(response, answerOf(service, "protobuf", intake.accept(service, messageOf(service, "protobuf", bytes))));
  } catch (error) {
    refuse(request, response, refusalOf(error));
  } finally {
    body.release();
  }
}

function messageIn(body: Buffer): { readonly isPacked: boolean; readonly message: Buffer } {
  const message = body.subarray(PREFIX_BYTES);
  if (body.length < PREFIX_BYTES || body.readUInt32BE(1) !== message.length) {
    throw new Refused(unreadable("it is not one whole message"));
  }
  return { isPacked: body[0] === 1, message };
}

function succeed(response: Http2ServerResponse, message: Buffer): void {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(message.length, 1);
  response.writeHead(200, { "content-type": "application/grpc", ...ACCEPTED });
  response.addTrailers({ "grpc-status": "0" });
  response.end(Buffer.concat([prefix, message]));
}

/** Trailers only; clients read from the details when to come again (OTLP, "Throttling"). */
function refuse(request: Http2ServerRequest, response: Http2ServerResponse, refusal: Refusal): void {
  const { grpc, message, retryAfterSeconds } = refusal;
  const details =
    retryAfterSeconds === undefined
      ? {}
      : { "grpc-status-details-bin": statusDetails(grpc, message, retryAfterSeconds) };
  response.writeHead(200, {
    "content-type": "application/grpc",
    "grpc-status": String(grpc),
    "grpc-message": encodeURIComponent(message),
    ...ACCEPTED,
    ...details,
  });
  response.end();
  // what is still to come is thrown away for a while: most clients stop by themselves once they have the answer
  const patience = setTimeout(() => response.stream.close(constants.NGHTTP2_CANCEL), LINGER_MILLIS);
  response.once("close", () => clearTimeout(patience));
  request.resume();
}

function statusDetails(code: number, message: string, seconds: number): string {
  const retryDelay = create(DurationSchema, { seconds: BigInt(seconds) });
  const details = [anyPack(RetryInfoSchema, create(RetryInfoSchema, { retryDelay }))];
  const status: Status = create(StatusSchema, { code, message, details });
  return Buffer.from(toBinary(StatusSchema, status)).toString("base64").replace(/=+$/, "");
}

const ACCEPTED = { "grpc-accept-encoding": "identity,gzip" };
const UNKNOWN_CALL: Refusal = { http: 404, grpc: 12, message: "only the Export calls of OTLP are received here" };
const UNKNOWN_ENCODING: Refusal = { http: 400, grpc: 12, message: "messages are read plain and packed with gzip" };
