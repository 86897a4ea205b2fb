import type { Context, ContextManager } from "@opentelemetry/api";
import type { BatcherHooks } from "../../pipeline/batcher-hooks.ts";
import type { RowEncoder } from "../../pipeline/row-encoder.ts";
import type { Transport } from "../../pipeline/transport.ts";
import type { WriterHandle } from "../../pipeline/writer-thread/thread-messages.ts";
import { ContextStorage } from "../context/context-storage.ts";
import type { RecordingResolver } from "../context/recording-resolvers.ts";
import type { RecordingStream } from "../recording-stream.ts";
import type { WebViewer } from "../sinks/web-viewer.ts";
import { TimeState } from "../time/time-state.ts";
import type { ProcessWriter } from "./process-writer.ts";
import type { LogRecordExporter, MetricExporter, MetricExporterOptions } from "./signal-exporters.ts";

/**
 * What exists once per process (per JavaScript thread), however many copies of the package are loaded: CommonJS beside ESM,
 * Jest realms, two versions in one tree. The number in the key is the layout version of this object.
 */
const KEY = Symbol.for("otel-rerun/1");

export interface ProcessState {
  /** Carries scopes, and the OTel context when our context manager is the registered one. */
  readonly contextStorage: ContextStorage<Context>;
  /** Our context manager, when it was registered with the API. */
  contextManager: ContextManager | undefined;
  globalRecording: RecordingStream | undefined;
  threadRecording: RecordingStream | undefined;
  /** Asked in this order where no scope says which recording is active. */
  readonly resolvers: RecordingResolver[];
  transport: Transport | undefined;
  /** What other threads join; undefined where each writes itself. */
  writer: ProcessWriter | undefined;
  /** One per transport, since it gives out the numbers of paths and shapes. */
  rowEncoder: RowEncoder | undefined;
  nextRecordingNo: number;
  nextMemorySinkId: number;
  /** What recordings want to hear of the batch processor, by their numbers, until the writer has closed them. */
  readonly batcherHooks: Map<number, BatcherHooks>;
  /** All recordings that are not shut down, for the exit hooks. */
  readonly openRecordings: Set<RecordingStream>;
  /** Times set outside of every scope. */
  readonly rootTimes: TimeState;
  /** `setStrictMode`; undefined: as `RERUN_STRICT` says. */
  strict: boolean | undefined;
  /** Warnings that were given, so that each is given once. */
  readonly warned: Set<string>;
  exitHooksInstalled: boolean;
  signalHooksInstalled: boolean;
  /** The recordings are being closed because the process ends. */
  isEnding: boolean;
  readonly hooks: Hooks;
}

/** As in `IncomingMessage.headers`. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What is known of the first span of a process in a trace. */
export interface RootSpan {
  readonly traceId: string;
  /** OpenTelemetry's `SpanKind`. */
  readonly kind: number;
}

/** A recording, and the context that a request's span starts in. */
export interface RequestRecording {
  readonly recording: RecordingStream;
  readonly context: Context;
  /** The request is over; its spans may not be. */
  release(): void;
}

/** What became of the recordings that requests had of their own. */
export interface RequestRecordings {
  readonly kept: number;
  readonly discarded: number;
  /** The path of the last that was kept. */
  readonly newest: string | undefined;
}

/** What rooms above fill in; empty when only the core was loaded. */
export interface Hooks {
  /** `joins`: the writer that another thread of the process has made. */
  createTransport?: (joins?: WriterHandle) => Transport;
  /** `rec` used as a SpanExporter: converts and records ReadableSpans (src/otel). */
  exportSpans?: (recording: RecordingStream, spans: readonly unknown[]) => void;
  /** `rec.logRecordExporter()` and `rec.metricExporter()` (src/otel). */
  makeLogRecordExporter?: (recording: RecordingStream) => LogRecordExporter;
  makeMetricExporter?: (recording: RecordingStream, options: MetricExporterOptions) => MetricExporter;
  /** Makes `trace.getTracer` deliver spans even if no provider is registered (src/otel). */
  ensureTracing?: () => void;
  /** Takes secrets out of a part of the telemetry model before it is recorded (instrumentation/redact.ts). */
  redact?: <T extends object>(kind: "span" | "start" | "log" | "resource", item: T) => T;
  /**
   * `register` is on: takes a recording that was made by `init`, and returns the one to use in its place, which is the process's if both
   * are the same recording (instrumentation/register.ts).
   */
  adopt?: (recording: RecordingStream) => RecordingStream;
  /** Serves the official viewer in a page (src/page). */
  serveViewer?: (options: { connectTo: readonly string[]; port: number }) => Promise<WebViewer & { unref(): void }>;
  /** The recording of a request that arrives, if each has its own (src/otel/recordings/recording-keeper.ts). */
  recordingOfRequest?: (headers: RequestHeaders, arrived: Context) => RequestRecording | undefined;
  /** The same for a span that starts without a parent in this process, whoever made it (src/otel/recordings/tree-recordings.ts). */
  recordingOfRoot?: (span: RootSpan) => RecordingStream | undefined;
  /** Of `recordPer`, for the lines at the end. */
  requestRecordings?: () => RequestRecordings;
  /** `register` is on: a request has come, so the process's metrics are recorded, even if all its rows are the requests' own. */
  startMetrics?: () => void;
  /** Everything is about to be closed: what is undecided is decided now. */
  beforeClose?: () => void;
  /** Everything is closed: the process ends (instrumentation/run/notices.ts). */
  afterClose?: () => void;
}

type Global = typeof globalThis & { [KEY]?: ProcessState };

/** Looked up once per copy of the package: every row needs it. */
let own: ProcessState | undefined;

export function processState(): ProcessState {
  own ??= (globalThis as Global)[KEY] ?? shared(newState());
  return own;
}

/** Where the application lets nobody add a global, each copy of the package is by itself. */
function shared(state: ProcessState): ProcessState {
  Reflect.set(globalThis, KEY, state);
  return state;
}

function newState(): ProcessState {
  return {
    contextStorage: new ContextStorage(),
    contextManager: undefined,
    globalRecording: undefined,
    threadRecording: undefined,
    resolvers: [],
    transport: undefined,
    writer: undefined,
    rowEncoder: undefined,
    nextRecordingNo: 1,
    nextMemorySinkId: 1,
    batcherHooks: new Map(),
    openRecordings: new Set(),
    rootTimes: new TimeState(),
    strict: undefined,
    warned: new Set(),
    exitHooksInstalled: false,
    signalHooksInstalled: false,
    isEnding: false,
    hooks: {},
  };
}
