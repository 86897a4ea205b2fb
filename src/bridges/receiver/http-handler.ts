import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { parseExactly } from "../json/exact-numbers.ts";
import { type Fields, isFields } from "../json/fields.ts";
import { StatusSchema } from "../otlp/proto/google/rpc/status_pb.ts";
import { type BodyLimits, withBody } from "./body.ts";
import type { Budget } from "./budget.ts";
import type { Accepted, ReceiverIntake } from "./intake.ts";
import { type Refusal, UNAUTHENTICATED, unreadable } from "./refusal.ts";
import { SERVICES, type SignalService } from "./signals.ts";
import { isAllowed } from "./token.ts";

export interface HandlerOptions {
  readonly intake: ReceiverIntake;
  readonly budget: Budget;
  readonly limits: BodyLimits;
  readonly token?: string | undefined;
}

const PROTOBUF = "application/x-protobuf";
const JSON_TYPE = "application/json";

/** OTLP/HTTP: protobuf and JSON. A page of a foreign origin cannot send here: both types need a preflight, which nobody answers. */
export function httpHandler(options: HandlerOptions): RequestListener {
  return (request, response) => {
    handle(request, response, options).catch(() => response.destroy());
  };
}

async function handle(request: IncomingMessage, response: ServerResponse, options: HandlerOptions): Promise<void> {
  const [path] = (request.url ?? "").split("?");
  const service = SERVICES.find((one) => one.path === path);
  const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (service === undefined) return refuse(request, response, JSON_TYPE, NOT_FOUND);
  if (request.method !== "POST") return refuse(request, response, JSON_TYPE, NOT_POST);
  if (type !== PROTOBUF && type !== JSON_TYPE) return refuse(request, response, JSON_TYPE, OTHER_TYPE);
  if (!isAllowed(request.headers.authorization, options.token)) return refuse(request, response, type, UNAUTHENTICATED);
  const result = await withBody(request, options.budget, options.limits, (body) =>
    accept(service, body, type, options.intake),
  );
  if ("refusal" in result) refuse(request, response, type, result.refusal);
  else send(response, 200, type, type === PROTOBUF ? protobufAnswer(service, result) : jsonAnswer(service, result));
}

function accept(
  service: SignalService,
  body: Buffer,
  type: string,
  intake: ReceiverIntake,
): Accepted | { readonly refusal: Refusal } {
  const request: unknown =
    type === PROTOBUF ? fromBinary(service.request, body) : parseExactly(body.toString("utf8") || "{}");
  if (!isFields(request)) return { refusal: unreadable("it is no JSON object") };
  return intake.accept(service, request as Fields);
}

function protobufAnswer(service: SignalService, { rejected, message }: Accepted): Uint8Array {
  return toBinary(service.response, create(service.response, answer(service, rejected, message, BigInt) as object));
}

function jsonAnswer(service: SignalService, { rejected, message }: Accepted): string {
  return JSON.stringify(answer(service, rejected, message, String));
}

/** Empty for a full success, as the protocol says. */
export function answer(
  service: SignalService,
  rejected: number,
  errorMessage: string,
  integer: (value: number) => unknown,
): Fields {
  return rejected === 0 ? {} : { partialSuccess: { [service.rejected]: integer(rejected), errorMessage } };
}

function refuse(request: IncomingMessage, response: ServerResponse, type: string, refusal: Refusal): void {
  const { http, grpc, message, retryAfterSeconds } = refusal;
  if (retryAfterSeconds !== undefined) response.setHeader("retry-after", String(retryAfterSeconds));
  if (http === 401) response.setHeader("www-authenticate", "Bearer");
  // what is still to come of the body is not read: the connection ends after the answer
  if (!request.complete) {
    response.setHeader("connection", "close");
    response.once("finish", () => request.destroy());
  }
  const status = create(StatusSchema, { code: grpc, message });
  send(
    response,
    http,
    type,
    type === PROTOBUF ? toBinary(StatusSchema, status) : JSON.stringify({ code: grpc, message }),
  );
}

function send(response: ServerResponse, status: number, type: string, body: Uint8Array | string): void {
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

const NOT_FOUND: Refusal = {
  http: 404,
  grpc: 12,
  message: `there is nothing here; OTLP is received at ${SERVICES.map(({ path }) => path).join(", ")}`,
};
const NOT_POST: Refusal = { http: 405, grpc: 12, message: "OTLP is sent with POST" };
const OTHER_TYPE: Refusal = { http: 415, grpc: 3, message: `the content type must be ${PROTOBUF} or ${JSON_TYPE}` };
