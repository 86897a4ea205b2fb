import { mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { RerunError } from "../../errors.ts";
import { RecordingStream } from "../../recording/recording-stream.ts";
import type { LogRecord, MetricPoint, Resource } from "../../telemetry/model.ts";
import type { Destination } from "../destination.ts";
import { RecordingDestination } from "../recording-destination.ts";
import type { AssembledTrace } from "../trace-assembler.ts";

export interface RunFileOptions {
  readonly path: string;
  /** Default: the service of what comes first. */
  readonly applicationId?: string | undefined;
  readonly recordingName?: string;
}

/**
 * One recording of all that comes, in a file that gets its name when it is complete. It is made at the first item, since a recording
 * is called after the service it is of.
 */
export class RunFile implements Destination {
  readonly #options: RunFileOptions;
  #open: { readonly recording: RecordingStream; readonly destination: RecordingDestination } | undefined;

  constructor(options: RunFileOptions) {
    this.#options = options;
  }

  /** Something was written. */
  get isStarted(): boolean {
    return this.#open !== undefined;
  }

  trace(trace: AssembledTrace): void {
    const first = [...trace.roots][0] ?? trace.spans[0] ?? trace.logs[0];
    this.#for(first?.resource).trace(trace);
  }

  log(record: LogRecord): void {
    this.#for(record.resource).log(record);
  }

  point(point: MetricPoint): void {
    this.#for(point.resource).point(point);
  }

  /** Resolves when little waits. */
  async drained(): Promise<void> {
    await this.#open?.destination.drained();
  }

  /**
   * Completes the file.
   *
   * @param startTime of the data, in nanoseconds since the epoch.
   * @throws RerunError ERR_RERUN_SINK when the disk did not take everything.
   */
  async finish(startTime: bigint | undefined): Promise<void> {
    if (this.#open === undefined) return;
    const { recording } = this.#open;
    const { path, recordingName } = this.#options;
    if (startTime !== undefined) recording.sendRecordingStartTime(startTime);
    if (recordingName !== undefined) recording.sendRecordingName(recordingName);
    try {
      await recording.shutdown({ timeoutMillis: Number.POSITIVE_INFINITY });
      const { sinks, rowsDropped } = recording.stats();
      const { overflow = 0 } = rowsDropped;
      if (overflow > 0) {
        const why = "the writer did not keep up; convert it again while the machine has less to do";
        throw new RerunError("ERR_RERUN_SINK", `${path} was not made, ${overflow} rows were dropped: ${why}`);
      }
      const lost = sinks.find(({ lostRows }) => lostRows > 0);
      if (lost !== undefined) {
        const reason = lost.error?.message ?? "the disk did not take it";
        throw new RerunError(
          "ERR_RERUN_SINK",
          `${path} was not made, ${lost.lostRows} rows could not be written: ${reason}`,
        );
      }
      renameSync(this.#partial, path);
    } catch (error) {
      rmSync(this.#partial, { force: true });
      throw error;
    }
  }

  /** Leaves no file. */
  async abandon(): Promise<void> {
    if (this.#open === undefined) return;
    await this.#open.recording.shutdown({ timeoutMillis: 0 }).catch(() => {});
    rmSync(this.#partial, { force: true });
  }

  get #partial(): string {
    return `${this.#options.path}.part`;
  }

  #for(resource: Resource | undefined): Destination {
    if (this.#open === undefined) {
      const { path, applicationId = serviceName(resource) } = this.#options;
      mkdirSync(dirname(path), { recursive: true });
      const recording = new RecordingStream(applicationId, { sendProperties: false, telemetry: { clock: "data" } });
      recording.save(this.#partial);
      this.#open = { recording, destination: new RecordingDestination(recording) };
    }
    return this.#open.destination;
  }
}

export function serviceName(resource: Resource | undefined): string {
  const service = resource?.attributes["service.name"];
  return typeof service === "string" && service !== "" ? service : "unknown_service";
}
