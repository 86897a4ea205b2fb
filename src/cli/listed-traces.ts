import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RerunError } from "../errors.ts";
import type { ListedTrace, TraceList, TraceSource } from "../page/trace-list.ts";
import { openRrd } from "../reader.ts";
import { REQUESTS } from "../telemetry/archive/archive-input.ts";
import { mostNotable, selectTraces } from "../telemetry/archive/select-traces.ts";
import { TraceArchive } from "../telemetry/archive/trace-archive.ts";
import type { TraceEntry } from "../telemetry/archive/trace-entry.ts";
import { cutWaterfall } from "../telemetry/cut.ts";
import { duration } from "../telemetry/layout/labels.ts";

/** A list that is longer is not read; it is narrowed. */
const MAX_LISTED = 500;

/** The traces of files for the page: found by the expressions of the command line, waterfalls made when they are asked for. */
export class ListedTraces implements TraceSource {
  readonly #files: () => readonly string[];
  readonly #waterfalls = new Map<string, Promise<string | undefined>>();
  #folder: Promise<string> | undefined;

  /** @param files asked for each time: a run that goes on may have more of them. */
  constructor(files: () => readonly string[]) {
    this.#files = files;
  }

  async list(where: string): Promise<TraceList> {
    try {
      const entries = await selectTraces(this.#archive, where.trim() === "" ? {} : { where });
      return { traces: mostNotable(entries, MAX_LISTED).map(listed), total: entries.length };
    } catch (error) {
      if (error instanceof RerunError) return { traces: [], total: 0, error: error.message };
      throw error;
    }
  }

  waterfall(traceId: string): Promise<string | undefined> {
    let made = this.#waterfalls.get(traceId);
    if (made === undefined) {
      made = this.#make(traceId);
      this.#waterfalls.set(traceId, made);
      // a file that grows may have it the next time
      const forget = (): unknown => this.#waterfalls.delete(traceId);
      made.then((path) => path ?? forget(), forget);
    }
    return made;
  }

  /** Removes what was made. */
  async close(): Promise<void> {
    if (this.#folder !== undefined) await rm(await this.#folder, { recursive: true, force: true });
  }

  get #archive(): TraceArchive {
    return new TraceArchive(this.#files().map((file) => ({ name: file, open: () => openRrd(file) })));
  }

  async #make(traceId: string): Promise<string | undefined> {
    this.#folder ??= mkdtemp(join(tmpdir(), "otel-rerun-view-"));
    const path = join(await this.#folder, `${traceId}.rrd`);
    const isMade = await cutWaterfall(this.#archive, await this.#applicationId(), traceId, path);
    return isMade ? path : undefined;
  }

  /** That of the first run, whose dashboard for traces the viewer has then already. */
  async #applicationId(): Promise<string> {
    for (const file of this.#files()) {
      for (const { kind, applicationId } of (await openRrd(file)).recordings()) {
        if (kind !== "recording") continue;
        return applicationId.endsWith(REQUESTS) ? applicationId.slice(0, -REQUESTS.length) : applicationId;
      }
    }
    return "traces";
  }
}

function listed({
  traceId,
  name,
  service,
  status,
  errors,
  duration: nanos,
  startTime,
  spans,
}: TraceEntry): ListedTrace {
  return {
    traceId,
    name,
    service,
    status,
    failed: errors > 0,
    duration: duration(nanos),
    startedAt: isoTime(startTime),
    spans,
  };
}

function isoTime(nanos: bigint): string {
  const millis = Number(nanos / 1_000_000n);
  return new Date(Math.abs(millis) <= 8.64e15 ? millis : 0).toISOString();
}
