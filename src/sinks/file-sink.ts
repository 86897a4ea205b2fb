import { RerunError } from "../errors.ts";
import type { LogMessage } from "../rrd/log-message.ts";
import { type FileLayer, modeOf, nodeFiles } from "./file-layer.ts";
import { FileSegment } from "./file-segment.ts";
import { Prelude } from "./prelude.ts";
import type { OnLost, Sink, SinkSpec, SinkStatus } from "./sink.ts";
import { rowsOf, SinkTally } from "./sink-tally.ts";

/** After a failed write a new segment is tried this often. */
const RESUME_MILLIS = 1000;

/** With `maxBytes`, a segment is a quarter of it: at least three quarters of what may be kept are always there. */
const SEGMENTS_PER_RUN = 4;

/** More segments than this are not looked for when names are taken. */
const MAX_NAMES = 10_000;

export interface FileSinkOptions {
  readonly files?: FileLayer;
  readonly now?: () => number;
  readonly onLost?: OnLost;
}

interface ClosedSegment {
  readonly path: string;
  readonly bytes: number;
  readonly rows: number;
}

/**
 * A recording file, and the segments that follow when it is full (`maxBytes`) or could not be written (I2).
 *
 *   shop.rrd │ shop.2.rrd │ shop.3.rrd …      each begins with the prelude and opens on its own; the oldest are removed
 *
 * Nothing here throws: the first error is kept in `status`, what could not be written is counted, and a new segment is tried
 * each second until there is space again.
 */
export class FileSink implements Sink {
  readonly #spec: SinkSpec & { readonly kind: "file" };
  readonly #files: FileLayer;
  readonly #now: () => number;
  readonly #mode: number;
  readonly #tally: SinkTally;
  readonly #prelude = new Prelude();
  #segment: FileSegment | undefined;
  #segmentNo = 1;
  #closedSegments: ClosedSegment[] = [];
  #removedRows = 0;
  #resumeAt = 0;
  #isClosed = false;

  constructor(spec: SinkSpec & { readonly kind: "file" }, options: FileSinkOptions = {}) {
    this.#spec = spec;
    this.#files = options.files ?? nodeFiles;
    this.#now = options.now ?? (() => performance.now());
    this.#mode = modeOf(spec.fd);
    this.#tally = new SinkTally(options.onLost);
    this.#segment = this.#open(spec.fd, spec.path);
  }

  get status(): SinkStatus {
    const state = this.#isClosed ? "closed" : this.#segment === undefined ? "failing" : "open";
    const status = this.#tally.status("file", state);
    return this.#removedRows === 0 ? status : { ...status, removedRows: this.#removedRows };
  }

  write(message: LogMessage): void {
    const segment = this.#isClosed ? undefined : (this.#segment ?? this.#resume());
    if (segment === undefined) {
      this.#tally.lose({ store: message.store, rows: rowsOf(message) });
    } else {
      this.#tally.took(message);
      segment.write(message);
    }
    this.#prelude.observe(message);
    this.#check();
    if (this.#spec.maxBytes !== undefined) this.#rotate(this.#spec.maxBytes);
  }

  drained(): void {
    this.flushSync();
  }

  flushSync(): void {
    this.#segment?.flush();
    this.#check();
  }

  async flush(): Promise<void> {
    this.flushSync();
    if (this.#segment === undefined && !this.#isClosed) throw this.#tally.error;
  }

  finalize(): void {
    this.#segment?.finish();
    this.#check();
    this.#segment?.close();
    this.#segment = undefined;
    this.#isClosed = true;
  }

  close(): void {
    this.#segment?.flush();
    this.#check();
    this.#segment?.close();
    this.#segment = undefined;
    this.#isClosed = true;
  }

  #open(fd: number, path: string): FileSegment {
    return new FileSegment({ path, fd }, this.#files, this.#spec.writeFooter, (lost) => this.#tally.lose(lost));
  }

  /** A segment that failed is given up. */
  #check(): void {
    const segment = this.#segment;
    if (segment?.error === undefined) return;
    const { message } = segment.error;
    this.#tally.error = new RerunError("ERR_RERUN_SINK", `${segment.path} could not be written: ${message}`, {
      cause: segment.error,
    });
    this.#leave(segment);
    this.#resumeAt = this.#now() + RESUME_MILLIS;
  }

  #resume(): FileSegment | undefined {
    if (this.#now() < this.#resumeAt) return undefined;
    this.#resumeAt = this.#now() + RESUME_MILLIS;
    const segment = this.#next();
    if (segment === undefined) return undefined;
    segment.flush(); // only if the prelude fits is there space again
    if (!segment.isUsable) {
      segment.close();
      this.#unlink(segment.path);
      return undefined;
    }
    this.#segment = segment;
    return segment;
  }

  #rotate(maxBytes: number): void {
    const segment = this.#segment;
    if (segment === undefined || segment.position < maxBytes / SEGMENTS_PER_RUN) return;
    segment.finish();
    this.#check();
    if (this.#segment !== undefined) this.#leave(segment);
    this.#segment = this.#next();
    let bytes = 0;
    for (const closed of this.#closedSegments) bytes += closed.bytes;
    while (bytes > maxBytes - maxBytes / SEGMENTS_PER_RUN) {
      const oldest = this.#closedSegments.shift();
      if (oldest === undefined) return;
      bytes -= oldest.bytes;
      this.#removedRows += oldest.rows;
      this.#unlink(oldest.path);
    }
  }

  #leave(segment: FileSegment): void {
    this.#closedSegments.push({ path: segment.path, bytes: segment.position, rows: segment.rows });
    segment.close();
    this.#segment = undefined;
  }

  /** The next segment, with the prelude in it. Files that are there already are not touched. */
  #next(): FileSegment | undefined {
    const { path } = this.#spec;
    const stem = path.replace(/\.(rrd|rbl)$/i, "");
    while (++this.#segmentNo < MAX_NAMES) {
      const name = `${stem}.${this.#segmentNo}${path.slice(stem.length)}`;
      try {
        const segment = this.#open(this.#files.create(name, this.#mode), name);
        this.#prelude.replay((message) => segment.write(message, true));
        return segment;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EEXIST") continue;
        this.#segmentNo -= 1;
        this.#tally.error = error as Error;
        return undefined;
      }
    }
    return undefined;
  }

  #unlink(path: string): void {
    try {
      this.#files.unlink(path);
    } catch {
      // somebody removed it before
    }
  }
}
