import { IncomingMessage, ServerResponse } from "node:http";
import { type Context, context as contextApi, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { recordingOfSpan, setRecordingOfSpan } from "../../src/otel/recordings/tree-recordings.ts";
import { contextWithRecording, hasChosenRecording } from "../../src/recording/context/scope.ts";
import { processState } from "../../src/recording/process/process-state.ts";
import { httpActivity } from "./http-activity.ts";
import { bindMessage, type Exchange, exchangeOf } from "./message-context.ts";

/** A request whose span is somebody else's. It is counted, and its listeners run in whatever context they were bound to. */
class ForeignExchange implements Exchange {
  readonly context = ROOT_CONTEXT;
  readonly #response: ServerResponse;
  readonly #onFinish: (() => void) | undefined;

  constructor(response: ServerResponse, onFinish: (() => void) | undefined) {
    this.#response = response;
    this.#onFinish = onFinish;
    httpActivity.active++;
  }

  isInside(): boolean {
    return true;
  }

  nodeListeners(): number {
    return 0;
  }

  after(_: object, event: string | symbol): void {
    if (event !== "close") return;
    httpActivity.active--;
    httpActivity.requests++;
    if (this.#response.headersSent && this.#response.statusCode >= 500) httpActivity.failed++;
    this.#onFinish?.();
  }
}

/**
 * Handles a request whose span somebody else has made and is inside of. Where requests have recordings of their own, what its handlers
 * log goes where the span went.
 */
export function handleForeign(request: unknown, response: unknown, handle: () => boolean): boolean {
  if (!(request instanceof IncomingMessage) || !(response instanceof ServerResponse)) return handle();
  // a server that hands its requests on to another one
  if (exchangeOf(request) !== undefined || exchangeOf(response) !== undefined) return handle();
  const active = contextApi.active();
  const own = ownContext(request, active);
  bindMessage(response, new ForeignExchange(response, own?.release));
  return own === undefined ? handle() : contextApi.with(own.context, handle);
}

/** Where requests have recordings of their own: the one that the active span, of whatever tracer, went to, else one for the request. */
export function ownContext(
  request: IncomingMessage,
  active: Context,
): { context: Context; release?: () => void } | undefined {
  const { recordingOfRequest } = processState().hooks;
  if (recordingOfRequest === undefined || hasChosenRecording(active)) return undefined;
  const span = trace.getSpan(active);
  const known = recordingOfSpan(span);
  if (known !== undefined) return { context: contextWithRecording(active, known) };
  // a span that is not recorded, or none: what is logged is all there is
  const own = recordingOfRequest(request.headers, active);
  if (own === undefined) return undefined;
  if (span !== undefined) setRecordingOfSpan(span, own.recording);
  return { context: contextWithRecording(own.context, own.recording), release: own.release };
}
