import { AsyncLocalStorage } from "node:async_hooks";
import type { Context, ContextManager } from "@opentelemetry/api";
import type { Transport } from "../pipeline/transport.ts";
import type { RecordingStream } from "./recording-stream.ts";

/**
 * What exists once per process (per JavaScript thread), however many copies of the package are loaded: CommonJS beside ESM,
 * Jest realms, two versions in one tree. The number in the key is the layout version of this object.
 */
const KEY = Symbol.for("otel-rerun/1");

export interface ProcessState {
  /** Carries scopes, and the OTel context when our context manager is the registered one. */
  readonly contextStorage: AsyncLocalStorage<Context>;
  /** Our context manager, when it was registered with the API. */
  contextManager: ContextManager | undefined;
  globalRecording: RecordingStream | undefined;
  threadRecording: RecordingStream | undefined;
  transport: Transport | undefined;
  nextRecordingNo: number;
  /** All recordings that are not shut down, for the exit hooks. */
  readonly openRecordings: Set<RecordingStream>;
  /** Warnings that were given, so that each is given once. */
  readonly warned: Set<string>;
  readonly hooks: Hooks;
}

/** What rooms above fill in; empty when only the core was loaded. */
export interface Hooks {
  createTransport?: () => Transport;
  /** `rec` used as a SpanExporter: converts and records ReadableSpans (src/otel). */
  exportSpans?: (recording: RecordingStream, spans: readonly unknown[]) => void;
  /** Makes `trace.getTracer` deliver spans even if no provider is registered (src/otel). */
  ensureTracing?: () => void;
}

type Global = typeof globalThis & { [KEY]?: ProcessState };

export function processState(): ProcessState {
  const holder = globalThis as Global;
  holder[KEY] ??= {
    contextStorage: new AsyncLocalStorage(),
    contextManager: undefined,
    globalRecording: undefined,
    threadRecording: undefined,
    transport: undefined,
    nextRecordingNo: 1,
    openRecordings: new Set(),
    warned: new Set(),
    hooks: {},
  };
  return holder[KEY];
}
