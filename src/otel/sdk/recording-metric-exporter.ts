import { telemetryRecorder } from "../../telemetry/recorder.ts";
import { Intake, type IntakeOptions } from "../intake.ts";
import { metricPointsFrom } from "./from-metrics.ts";
import { type ExportCallback, type PushMetricExporter, type ResourceMetrics, TEMPORALITY } from "./types.ts";

export interface RecordingMetricExporterOptions extends IntakeOptions {
  /** Default "cumulative": each point of a plot stands alone. */
  readonly temporality?: keyof typeof TEMPORALITY;
}

/**
 * Puts metrics into a recording; pair it with the SDK's `PeriodicExportingMetricReader`. Metrics carry no context: they go to the
 * recording given, else to the active one at the time of the export.
 */
export class RecordingMetricExporter implements PushMetricExporter {
  readonly #intake: Intake;
  readonly #temporality: number;

  constructor(options: RecordingMetricExporterOptions = {}) {
    this.#intake = new Intake("RecordingMetricExporter", options, undefined, ["temporality"]);
    this.#temporality = TEMPORALITY[options?.temporality ?? "cumulative"];
  }

  selectAggregationTemporality(_instrumentType?: unknown): number {
    return this.#temporality;
  }

  /** Calls back once; with failure (`ERR_RERUN_CLOSED`) after shutdown. */
  export(metrics: ResourceMetrics, resultCallback: ExportCallback): void {
    this.#intake.export(1, resultCallback, (recording) => {
      const recorder = telemetryRecorder(recording);
      for (const point of metricPointsFrom(metrics)) recorder.metric(point);
    });
  }

  forceFlush(): Promise<void> {
    return this.#intake.flush();
  }

  /** Flushes and takes nothing more. The recording stays open. */
  shutdown(): Promise<void> {
    return this.#intake.shutdown();
  }
}
