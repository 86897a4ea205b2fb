import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { create, toBinary } from "@bufbuild/protobuf";
import { StatusSchema } from "../otlp/proto/google/rpc/status_pb.ts";
import { type BodyLimits, RequestBody } from "./body.ts";
import type { Budget } from "./budget.ts";
import type { ReceiverIntake } from "./intake.ts";
import { answerOf, messageOf } from "./messages.ts";
import { type Refusal, Refused, refusalOf, tooLarge, UNAUTHENTICATED, unreadable } from "./refusal.ts";
import { SERVICES } from "./signals.ts";
import { isAllowed } from "./token.ts";

export interface HandlerOptions {
  readonly intake: ReceiverIntake;
  readonly budget: Budget;
  readonly limits: BodyLimits;
  readonly token?: string | undefined;
}

const PROTOBUF = "application/x-protobuf";
const JSON_TYPE = "application/json";

/** How long a client that was refused may go on sending. */
export const LINGER_MILLIS = 2000;

/** OTLP/HTTP: protobuf and JSON. A page of a foreign origin cannot send here: both types need a preflight, which nobody answers. */
export function httpHandler(options: HandlerOptions): RequestListener {
  return (request, response) => {
    handle(request, response, options).catch(() => response.destroy());
  };
}

async function handle(request: IncomingMessage, response: ServerResponse, options: HandlerOptions): Promise<void> {
  const { budget, limits, intake, token } = options;
  const [path] = (request.url ?? "").split("?");
  const service = SERVICES.find((one) => one.path === path);
  const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (service === undefined) return refuse(request, response, JSON_TYPE, NOT_FOUND);
  if (request.method !== "POST") return refuse(request, response, JSON_TYPE, NOT_POST);
  if (type !== PROTOBUF && type !== JSON_TYPE) return refuse(request, response, JSON_TYPE, OTHER_TYPE);
  const body = new RequestBody(budget, limits);
  try {
    if (!isAllowed(request.headers.authorization, token)) throw new Refused(UNAUTHENTICATED);
    if (Number(request.headers["content-length"] ?? 0) > limits.packed) throw new Refused(tooLarge(limits.packed));
    const encoding = request.headers["content-encoding"] ?? "identity";
    if (encoding !== "identity" && encoding !== "gzip") {
      throw new Refused(unreadable(`content-encoding ${encoding}; gzip is read`));
    }
    const packed = await body.read(request);
    const bytes = encoding === "gzip" ? await body.unpack(packed) : packed;
    const form = type === PROTOBUF ? "protobuf" : "json";
    send(response, 200, type, answerOf(service, form, intake.accept(service, messageOf(service, form, bytes))));
  } catch (error) {
    refuse(request, response, type, refusalOf(error));
  } finally {
    body.release();
  }
}

function refuse(request: IncomingMessage, response: ServerResponse, type: string, refusal: Refusal): void {
  const { http, grpc, message, retryAfterSeconds } = refusal;
  if (retryAfterSeconds !== undefined) response.setHeader("retry-after", String(retryAfterSeconds));
  if (http === 401) response.setHeader("www-authenticate", "Bearer");
  const status = create(StatusSchema, { code: grpc, message });
  const body = type === PROTOBUF ? toBinary(StatusSchema, status) : JSON.stringify({ code: grpc, message });
  if (!request.complete) endAfter(request, response);
  send(response, http, type, body);
}

/**
 * A client that is still sending has the whole answer at once; what it sends is thrown away for a while, and only then the connection ends.
 * Node closes it with the end of such an answer, and a socket that is closed with unread bytes takes the answer with it.
 */
function endAfter(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader("connection", "close");
  const patience = setTimeout(() => request.destroy(), LINGER_MILLIS);
  request.once("close", () => {
    clearTimeout(patience);
    response.end();
  });
  request.resume();
}

function send(response: ServerResponse, status: number, type: string, body: Uint8Array | string): void {
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
  response.write(body);
  if (response.req.complete) response.end();
}

const NOT_FOUND: Refusal = {
  http: 404,
  grpc: 12,
  message: `there is nothing here; OTLP is received at ${SERVICES.map(({ path }) => path).join(", ")}`,
};
const NOT_POST: Refusal = { http: 405, grpc: 12, message: "OTLP is sent with POST" };
const OTHER_TYPE: Refusal = { http: 415, grpc: 3, message: `the content type must be ${PROTOBUF} or ${JSON_TYPE}` };
