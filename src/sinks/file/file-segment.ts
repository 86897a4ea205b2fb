import { ByteWriter } from "../../bytes/byte-writer.ts";
import type { LogMessage } from "../../rrd/log-message.ts";
import { RrdFileWriter } from "../../rrd/rrd-file-writer.ts";
import type { LostMessage } from "../sink.ts";
import { rowsOf } from "../sink-tally.ts";
import type { BegunFile } from "./begun-file.ts";
import { type FileLayer, type Meddling, meddlingWith } from "./file-layer.ts";

/** Messages are collected up to here, then written at once. */
const COLLECT_BYTES = 256 << 10;

/** How often a write that would block is tried again, 1 ms apart (a pipe whose reader is slow). */
const MAX_RETRIES = 100;

interface Pending extends LostMessage {
  /** Where the message ends in the buffer. */
  readonly end: number;
  /** It is in an earlier segment as well. */
  readonly isRepeated: boolean;
  /** Of its rows, those that stay readable without it. */
  readonly journaledRows: number;
}

/** Of segments that are closed: a new one for each recording of 20 rows was 2 % of the writer's CPU. */
const spare: ByteWriter[] = [];
const MAX_SPARE = 16;
const MAX_SPARE_BYTES = 64 << 10;

/**
 * One file of a file sink.
 *
 *   message ─▶ RrdFileWriter ─┬▶ buffer ── whole messages, one write ──▶ file
 *                             └▶ large ─── behind it, from where it is ─▶
 *
 * I2: after a failed write the file is cut back to its last whole message; it then takes nothing more, and has no footer (which
 * a reader does without).
 */
export class FileSegment {
  /** Where it is written. */
  readonly path: string;
  /** Bytes were handed to the operating system since the last `sync`. */
  isDirty = false;
  /** In it, or in the journal beside it. */
  rows = 0;
  error: Error | undefined;
  readonly #fd: number;
  readonly #files: FileLayer;
  readonly #writer: RrdFileWriter;
  readonly #onLost: (message: LostMessage, journaledRows: number) => void;
  /** What is collected, and how many bytes were written before. */
  #buffer = spare.pop() ?? new ByteWriter(4096);
  /** Of the message that is being taken: what is not copied, since that costs new memory each time. */
  #large: Uint8Array | undefined;
  #written: number;
  #pending: Pending[] = [];
  #isOpen = true;

  constructor(
    file: BegunFile,
    files: FileLayer,
    writeFooter: boolean,
    onLost: (message: LostMessage, journaledRows: number) => void,
  ) {
    this.path = file.path;
    this.#fd = file.fd;
    this.#files = files;
    this.#onLost = onLost;
    const { resumed, rows = 0 } = file;
    this.rows = rows;
    this.#written = resumed?.byteLength ?? 0;
    this.#writer = new RrdFileWriter((bytes) => this.#take(bytes), { writeFooter, ...(resumed && { resumed }) });
  }

  /** Bytes so far, those that are still collected included. */
  get position(): number {
    return this.#written + this.queuedBytes;
  }

  /** Bytes that are collected. */
  get queuedBytes(): number {
    return this.#buffer.position + (this.#large?.length ?? 0);
  }

  get isUsable(): boolean {
    return this.#isOpen && this.error === undefined;
  }

  /** `isRepeated`: part of the prelude; its rows are counted where they were first. */
  write(message: LogMessage, isRepeated = false, journaledRows = 0): void {
    this.#writer.write(message);
    const rows = isRepeated ? 0 : rowsOf(message);
    this.rows += rows;
    this.#pending.push({ end: this.queuedBytes, store: message.store, rows, isRepeated, journaledRows });
    if (this.queuedBytes >= COLLECT_BYTES) this.flush();
  }

  /** What somebody else has done to its file. */
  get meddling(): Meddling | undefined {
    return meddlingWith(this.#fd, this.path, this.#written);
  }

  /** Hands what was collected to the operating system. */
  flush(): void {
    if (this.error !== undefined || this.queuedBytes === 0) return;
    let written = this.#writeAll(this.#buffer.written());
    if (this.error === undefined && this.#large !== undefined) written += this.#writeAll(this.#large);
    if (this.error !== undefined) this.#cut(written);
    this.#written += written;
    this.#buffer.reset();
    this.#large = undefined;
    this.isDirty = true;
    this.#pending = [];
  }

  /** To the disk. */
  sync(): void {
    if (!this.isUsable || !this.isDirty) return;
    this.isDirty = false;
    try {
      this.#files.sync(this.#fd);
    } catch (error) {
      this.#syncFailed(error as Error);
    }
  }

  /** The same in the background. */
  syncLater(): void {
    if (!this.isUsable || !this.isDirty) return;
    this.isDirty = false;
    this.#files.syncLater(this.#fd, (error) => {
      if (error !== null && this.#isOpen) this.#syncFailed(error);
    });
  }

  /** Footer and end. Idempotent. */
  finish(): void {
    if (!this.isUsable) return;
    this.flush();
    if (this.error === undefined) {
      this.#writer.finish();
      this.flush();
    }
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#putBack();
    try {
      this.#files.close(this.#fd);
    } catch (error) {
      this.error ??= error as Error;
    }
  }

  #take(bytes: Uint8Array): void {
    if (this.#large !== undefined) {
      this.#buffer.raw(this.#large);
      this.#large = undefined;
    }
    if (bytes.length < COLLECT_BYTES) this.#buffer.raw(bytes);
    else this.#large = bytes;
  }

  #putBack(): void {
    const buffer = this.#buffer;
    buffer.reset();
    this.#buffer = new ByteWriter(0);
    if (spare.length < MAX_SPARE && buffer.bytes.length <= MAX_SPARE_BYTES) spare.push(buffer);
  }

  #writeAll(bytes: Uint8Array): number {
    let written = 0;
    let retries = 0;
    while (written < bytes.length) {
      try {
        written += this.#files.write(this.#fd, bytes, written, bytes.length - written);
        retries = 0;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EAGAIN" && retries++ < MAX_RETRIES) {
          Atomics.wait(PAUSE, 0, 0, 1);
          continue;
        }
        this.error = error as Error;
        break;
      }
    }
    return written;
  }

  /** After a failed sync nobody knows which pages are on the disk, and another one would say they all are: the segment ends. */
  #syncFailed(error: Error): void {
    if (!isUnsupported(error)) this.error ??= error;
  }

  /** Cuts the file back to the last message that is whole, and counts the rest. */
  #cut(written: number): void {
    let whole = 0;
    for (const message of this.#pending) {
      if (message.end <= written) {
        whole = message.end;
        continue;
      }
      const { rows, isRepeated, journaledRows } = message;
      this.rows -= rows - journaledRows;
      if (!isRepeated) this.#onLost(message, journaledRows);
    }
    try {
      this.#files.truncate(this.#fd, this.#written + whole);
    } catch {
      // a pipe cannot be cut; a reader drops the torn message at its end
    }
  }
}

/** Pipes and some file systems have nothing to force. */
function isUnsupported(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "EINVAL" || code === "ENOTSUP" || code === "ENOSYS";
}

const PAUSE = new Int32Array(new SharedArrayBuffer(4));
