import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { requestBlueprint } from "../../blueprint/dashboards.ts";
import { processState } from "../../recording/process/process-state.ts";
import { normalizeApplicationId } from "../../rrd/application-id.ts";
import { RequestLayout } from "../../telemetry/layout/request-layout.ts";
import { sendDashboard } from "../../telemetry/layout/send-dashboard.ts";
import { writeWhole } from "../../telemetry/merge/merge-output.ts";
import type { LogRecord, MetricPoint, Span } from "../../telemetry/model.ts";
import type { Destination } from "../destination.ts";
import type { AssembledTrace } from "../trace-assembler.ts";
import { RunFile, serviceName } from "./run-file.ts";

/** What belongs to no trace. */
const REST = "_metrics_and_logs.rrd";

/** Traces that wait to be written; more make `drained` wait. */
const MAX_WAITING = 16;

/** Spans and log records of such traces. */
const MAX_WAITING_ITEMS = 20_000;

/** A file for each trace, called after its id; metrics, and logs of no trace, in one beside them. */
export class TraceFiles implements Destination {
  readonly #folder: string;
  readonly #rest: RunFile;
  /** How often an id came: a part of a trace that comes late gets a file of its own. */
  readonly #parts = new Map<string, number>();
  #written: Promise<void> = Promise.resolve();
  #waiting = 0;
  #waitingItems = 0;
  #files = 0;
  #error: unknown;

  constructor(folder: string) {
    this.#folder = folder;
    this.#rest = new RunFile({ path: join(folder, REST) });
    mkdirSync(folder, { recursive: true });
  }

  get files(): number {
    return this.#files + (this.#rest.isStarted ? 1 : 0);
  }

  get isBehind(): boolean {
    return this.#waitingItems > MAX_WAITING_ITEMS;
  }

  /** @throws an error of the disk, once, that came since the last call. */
  trace(trace: AssembledTrace): void {
    this.#throwError();
    if (trace.spans.length === 0) {
      for (const record of trace.logs) this.#rest.log(record);
      return;
    }
    const clean = redacted(trace);
    const path = this.#pathOf(trace.traceId);
    const items = trace.spans.length + trace.logs.length;
    this.#files++;
    this.#waiting++;
    this.#waitingItems += items;
    this.#written = this.#written.then(async () => {
      try {
        await writeTrace(path, clean);
      } catch (error) {
        this.#error = error;
      }
      this.#waiting--;
      this.#waitingItems -= items;
    });
  }

  log(record: LogRecord): void {
    this.#rest.log(record);
  }

  point(point: MetricPoint): void {
    this.#rest.point(point);
  }

  /** Resolves when little waits. @throws the first error of the disk. */
  async drained(): Promise<void> {
    if (this.#waiting > MAX_WAITING) await this.#written;
    await this.#rest.drained();
    this.#throwError();
  }

  async finish(startTime: bigint | undefined): Promise<void> {
    await this.#written;
    this.#throwError();
    await this.#rest.finish(startTime);
  }

  /** Files of whole traces stay. */
  async abandon(): Promise<void> {
    await this.#written;
    await this.#rest.abandon();
  }

  #throwError(): void {
    const error = this.#error;
    this.#error = undefined;
    if (error !== undefined) throw error;
  }

  /** Ids come from anywhere: what a path should not hold is replaced. */
  #pathOf(traceId: string): string {
    const name = traceId.replace(/[^A-Za-z0-9_-]+/g, "_").slice(0, 64) || "no_trace_id";
    const part = (this.#parts.get(name) ?? 0) + 1;
    this.#parts.set(name, part);
    return join(this.#folder, part === 1 ? `${name}.rrd` : `${name}.${part}.rrd`);
  }
}

/** What a recorder does for the other files (I12). */
function redacted(trace: AssembledTrace): AssembledTrace {
  const { redact } = processState().hooks;
  if (redact === undefined) return trace;
  // one that goes through a recorder is told of the resource apart
  const whole = <T extends Span | LogRecord>(kind: "span" | "log", item: T): T => ({
    ...redact(kind, item),
    resource: redact("resource", item.resource),
  });
  const spans = new Map(trace.spans.map((span) => [span, whole("span", span)]));
  return {
    ...trace,
    spans: [...spans.values()],
    logs: trace.logs.map((record) => whole("log", record)),
    roots: new Set([...trace.roots].map((root) => spans.get(root) ?? root)),
  };
}

function writeTrace(path: string, trace: AssembledTrace): Promise<void> {
  return writeWhole(path, async (output) => {
    const service = serviceName([...trace.roots][0]?.resource);
    const applicationId = `${normalizeApplicationId(service)} requests`;
    const recordingId = trace.traceId || "no trace id";
    const store = output.open({ kind: "recording", applicationId, recordingId });
    sendDashboard(output.host, store, applicationId, requestBlueprint({ bundle: false }));
    output.host.repeatStoreInfo(store);
    new RequestLayout((entityPath, times, components) => output.host.log(store, entityPath, times, components)).add(
      trace,
    );
    output.host.closeStore(store);
  });
}
