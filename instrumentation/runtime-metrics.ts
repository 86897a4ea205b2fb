import { AsyncResource } from "node:async_hooks";
import { type EventLoopUtilization, type IntervalHistogram, monitorEventLoopDelay, performance } from "node:perf_hooks";
import { diag } from "@opentelemetry/api";
import { optionNames } from "../src/option-names.ts";
import { resourcePerRecording } from "../src/otel/sdk/resource.ts";
import { wallNanos } from "../src/otel/wall-clock.ts";
import { clearTimeout, now as monotonicNow, setTimeout } from "../src/real-time.ts";
import { getGlobalDataRecording } from "../src/recording/context/active-recording.ts";
import { recordingInternals } from "../src/recording/internals.ts";
import type { RecordingStream } from "../src/recording/recording-stream.ts";
import type { MetricPoint, Resource } from "../src/telemetry/model.ts";
import { telemetryRecorder } from "../src/telemetry/recorder.ts";
import { GC_BOUNDS, GcPauses } from "./gc-pauses.ts";
import { httpActivity } from "./http/http-activity.ts";
import { BaseInstrumentation, type InstrumentationConfig } from "./instrumentation.ts";

export interface RuntimeMetricsConfig extends InstrumentationConfig {
  /** Attributes of the service. Default: from the `OTEL_*` variables; the service is named like the application id. */
  readonly resource?: { readonly attributes: Readonly<Record<string, unknown>> };
  /** Where the metrics go. Default: the global recording of the moment. */
  readonly recording?: RecordingStream;
}

const NAMES = optionNames<RuntimeMetricsConfig>({ enabled: true, resource: true, recording: true });

const BUSY_MILLIS = 1000;
/** How often a process that only waits is looked at, whether it still does, and how often that is recorded: 0.5 ms of CPU a second at most (I7). */
const IDLE_LOOK_MILLIS = 5000;
const IDLE_MILLIS = 30_000;
/** An event loop that is busier is looked at each second. */
const IDLE_UTILIZATION = 0.01;
/**
 * Milliseconds between two looks at the event loop's delay. Watching costs 0.9 ms of CPU a second at this resolution, 5.3 at 20; so
 * it rests while the process is idle.
 */
const DELAY_RESOLUTION = 100;

/**
 * How the process is: delay and use of the event loop, memory, pauses of the garbage collector, CPU, requests under way. Names and units are those of OpenTelemetry's
 * semantic conventions ("Node.js runtime", "V8 JS engine", "OS process", "HTTP server").
 */
export class RuntimeMetrics extends BaseInstrumentation<RuntimeMetricsConfig> {
  readonly #resourceOf: (recording: RecordingStream) => Resource;
  /** Timers keep the async context they are made in; this is the one of the constructor, and not that of some request. */
  readonly #home = new AsyncResource("otel-rerun metrics");
  #timer: NodeJS.Timeout | undefined;
  readonly #gc = new GcPauses();
  #delay: IntervalHistogram | undefined;
  #sampledAt = 0;
  #utilization: EventLoopUtilization | undefined;
  #cpu: NodeJS.CpuUsage | undefined;
  #requests = 0;
  #isIdle = false;

  constructor(config: RuntimeMetricsConfig = {}) {
    super("otel-rerun/runtime-metrics", config, NAMES);
    this.#resourceOf = resourcePerRecording(config?.resource?.attributes);
  }

  protected install(): void {
    this.#home.runInAsyncScope(() => {
      this.#delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION });
      this.#delay.enable();
      this.#gc.enable();
      this.#restart();
      this.#sampleIn(BUSY_MILLIS);
    });
  }

  protected uninstall(): void {
    clearTimeout(this.#timer);
    this.#delay?.disable();
    this.#gc.disable();
    this.#timer = undefined;
    this.#delay = undefined;
  }

  #sampleIn(millis: number): void {
    this.#timer = setTimeout(() => this.#sample(), millis);
    this.#timer.unref();
  }

  #sample(): void {
    let isIdle = true;
    try {
      const recording = this.config.recording ?? getGlobalDataRecording();
      isIdle = this.#measure(recording !== undefined && recordingInternals(recording).isOpen ? recording : undefined);
    } catch (error) {
      diag.error("otel-rerun: could not record the metrics of the runtime", error);
    }
    this.#sampleIn(isIdle ? IDLE_LOOK_MILLIS : BUSY_MILLIS);
  }

  /** Returns whether the process was idle since the last time. */
  #measure(recording: RecordingStream | undefined): boolean {
    const { utilization } = performance.eventLoopUtilization(this.#utilization);
    const { user, system } = process.cpuUsage(this.#cpu);
    const elapsed = monotonicNow() - this.#sampledAt;
    const isIdle = utilization < IDLE_UTILIZATION && this.#requests === httpActivity.requests;
    if (isIdle && this.#isIdle && elapsed < IDLE_MILLIS) return true;
    this.#isIdle = isIdle;
    if (recording !== undefined) {
      const point = pointsOf(recording, this.#resourceOf(recording));
      this.#recordDelay(point);
      this.#recordPauses(recording);
      point("nodejs.eventloop.utilization", "1", utilization);
      const { rss, heapUsed, external } = process.memoryUsage();
      point("process.memory.usage", "By", rss);
      point("v8js.memory.heap.used", "By", heapUsed);
      point("nodejs.memory.external", "By", external);
      // of all threads, so it may be more than 1
      point("process.cpu.utilization", "1", (user + system) / 1e3 / elapsed);
      if (httpActivity.requests + httpActivity.active > 0) {
        point("http.server.active_requests", "{request}", httpActivity.active);
      }
    }
    for (const watch of [this.#delay, this.#gc]) {
      if (isIdle) watch?.disable();
      else watch?.enable();
    }
    this.#restart();
    return isIdle;
  }

  /** The histogram holds the time between two looks. */
  #recordDelay(point: (name: string, unit: string, value: number) => void): void {
    const delay = this.#delay;
    if (delay === undefined || delay.count === 0) return;
    const seconds = (nanos: number) => Math.max(0, nanos / 1e9 - DELAY_RESOLUTION / 1e3);
    point("nodejs.eventloop.delay.p50", "s", seconds(delay.percentile(50)));
    point("nodejs.eventloop.delay.p99", "s", seconds(delay.percentile(99)));
    point("nodejs.eventloop.delay.max", "s", seconds(delay.max));
  }

  #recordPauses(recording: RecordingStream): void {
    const common = { time: wallNanos(), resource: this.#resourceOf(recording) };
    for (const [type, pauses] of this.#gc.take()) {
      telemetryRecorder(recording).metric({
        ...common,
        name: "v8js.gc.duration",
        unit: "s",
        attributes: { "v8js.gc.type": type },
        data: { type: "histogram", isDelta: true, bounds: GC_BOUNDS, ...pauses },
      });
    }
  }

  #restart(): void {
    this.#delay?.reset();
    this.#sampledAt = monotonicNow();
    this.#utilization = performance.eventLoopUtilization();
    this.#cpu = process.cpuUsage();
    this.#requests = httpActivity.requests;
  }
}

function pointsOf(recording: RecordingStream, resource: Resource): (name: string, unit: string, value: number) => void {
  const recorder = telemetryRecorder(recording);
  const common = { time: wallNanos(), attributes: {}, resource } satisfies Partial<MetricPoint>;
  return (name, unit, value) => recorder.metric({ ...common, name, unit, data: { type: "gauge", value } });
}
