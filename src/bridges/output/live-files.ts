import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { RerunError } from "../../errors.ts";
import { RecordingStream } from "../../recording/recording-stream.ts";
import { fileSink, grpcSink } from "../../recording/sinks/sink-values.ts";
import type { LogRecord, MetricPoint, Resource } from "../../telemetry/model.ts";
import type { Destination } from "../destination.ts";
import { RecordingDestination } from "../recording-destination.ts";
import type { AssembledTrace } from "../trace-assembler.ts";
import { serviceName } from "./run-file.ts";

export interface LiveFilesOptions {
  /** One file for all, or a folder with one for each service. */
  readonly path: string;
  readonly perService: boolean;
  /** Bytes on disk of a recording's segments; the oldest goes when there are more. */
  readonly maxBytes?: number | undefined;
  /** A viewer or proxy that gets all of it as well. */
  readonly connectTo?: string | undefined;
}

interface LiveFile {
  readonly path: string;
  readonly recording: RecordingStream;
  readonly destination: Destination;
}

/** Services beyond this many share a file (I7). */
const MAX_SERVICES = 64;
const OTHERS = "_others";
const ALL = "";

/** Recordings of what is received, in files that can be opened at every instant (I2), each made at the first item. */
export class LiveFiles implements Destination {
  readonly #options: LiveFilesOptions;
  readonly #files = new Map<string, LiveFile>();

  constructor(options: LiveFilesOptions) {
    this.#options = options;
  }

  get paths(): readonly string[] {
    return [...this.#files.values()].map(({ path }) => path);
  }

  trace(trace: AssembledTrace): void {
    if (!this.#options.perService) {
      this.#of([...trace.roots][0]?.resource ?? trace.logs[0]?.resource).trace(trace);
      return;
    }
    const services = new Map<string, Resource>();
    for (const { resource } of [...trace.spans, ...trace.logs]) services.set(serviceName(resource), resource);
    for (const [service, resource] of services) this.#of(resource).trace(partOf(trace, service));
  }

  log(record: LogRecord): void {
    this.#of(record.resource).log(record);
  }

  point(point: MetricPoint): void {
    this.#of(point.resource).point(point);
  }

  /**
   * Completes the files, however long it takes.
   *
   * @returns what a viewer missed: no matter of the files.
   * @throws RerunError ERR_RERUN_SINK when a file lacks something.
   */
  async close(): Promise<readonly string[]> {
    const files = [...this.#files.values()];
    const missed: string[] = [];
    const ended = await Promise.allSettled(
      files.map(({ recording }) => recording.shutdown({ timeoutMillis: Number.POSITIVE_INFINITY })),
    );
    for (const [at, { path, recording }] of files.entries()) {
      const { sinks, rowsDropped } = recording.stats();
      const [file] = sinks; // a viewer may miss what it likes
      const lost = (file?.lostRows ?? 0) + (rowsDropped.overflow ?? 0);
      const why = file?.error?.message ?? "the writer did not keep up";
      if (lost > 0) throw new RerunError("ERR_RERUN_SINK", `${path} lacks ${lost} rows: ${why}`);
      const end = ended[at];
      if (end?.status !== "rejected") continue;
      if (this.#options.connectTo === undefined || file?.error !== undefined) throw end.reason;
      missed.push((end.reason as Error).message);
    }
    return missed;
  }

  #of(resource: Resource | undefined): Destination {
    const service = serviceName(resource);
    const { path, perService, maxBytes, connectTo } = this.#options;
    const isKnown = this.#files.has(service) || this.#files.size < MAX_SERVICES;
    const key = !perService ? ALL : isKnown ? service : OTHERS;
    let open = this.#files.get(key);
    if (open === undefined) {
      const ownPath = perService ? freePath(path, key) : path;
      mkdirSync(dirname(ownPath), { recursive: true });
      const recording = new RecordingStream(key === ALL ? service : key);
      const file = fileSink(ownPath, { exclusive: true, ...(maxBytes === undefined ? {} : { maxBytes }) });
      recording.setSinks(connectTo === undefined ? [file] : [file, grpcSink(connectTo)]);
      open = { path: ownPath, recording, destination: new RecordingDestination(recording) };
      this.#files.set(key, open);
    }
    return open.destination;
  }
}

/** What one service did in a trace. */
function partOf(trace: AssembledTrace, service: string): AssembledTrace {
  const spans = trace.spans.filter(({ resource }) => serviceName(resource) === service);
  const logs = trace.logs.filter(({ resource }) => serviceName(resource) === service);
  return { ...trace, spans, logs, roots: new Set(spans.filter((span) => trace.roots.has(span))) };
}

/** Names of services come from the network: what a path should not hold is replaced (I11). */
function freePath(folder: string, service: string): string {
  const stem = service.replace(/[^A-Za-z0-9_-]+/g, "_").slice(0, 64) || "_";
  for (let ordinal = 1; ; ordinal++) {
    const path = join(folder, ordinal === 1 ? `${stem}.rrd` : `${stem}-${ordinal}.rrd`);
    if (!existsSync(path)) return path;
  }
}
