import {
  isStreamHeader,
  MESSAGE_HEADER_BYTES,
  MessageKind,
  parseMessageHeader,
  parseStreamHeader,
  STREAM_HEADER_BYTES,
} from "../frame.ts";
import type { StoreId } from "../store-id.ts";
import { parseStreamFooter, STREAM_FOOTER_BYTES } from "../stream-footer.ts";
import type { OpenBytes } from "./byte-source.ts";
import type { ChunkIndex } from "./chunk-index.ts";
import { formatError, readingAt } from "./format-error.ts";
import type { RrdProblem } from "./problem.ts";
import type { StoreIds } from "./store-ids.ts";

/** Where a message is. */
export interface MessageEntry {
  readonly kind: Exclude<MessageKind, typeof MessageKind.End>;
  /** Of the payload, from the beginning of the file. */
  readonly offset: number;
  readonly length: number;
  readonly store: StoreId;
  /** Of a chunk that the index knows. */
  readonly entityPath?: string;
}

/**
 * Goes through a file from message to message and notes where they are; payloads of chunks are not decoded.
 *
 *   header · message · message · End · footer ┊ header · message · mess┤   streams may follow each other; a cut is no error
 *
 * Where an index says that a chunk is here, the scan jumps over it without a read. What the index does not know is read, so
 * it may be incomplete; and if it is wrong, the scan does not arrive at its end (`isStraight`).
 */
export class Scan {
  readonly entries: MessageEntry[] = [];
  readonly problems: RrdProblem[] = [];
  readonly #bytes: OpenBytes;
  readonly #size: number;
  readonly #stores: StoreIds;
  readonly #index: ChunkIndex | undefined;

  constructor(bytes: OpenBytes, size: number, stores: StoreIds, index: ChunkIndex | undefined) {
    this.#bytes = bytes;
    this.#size = size;
    this.#stores = stores;
    this.#index = index;
  }

  /** Whether every byte was understood. */
  get isStraight(): boolean {
    return this.problems.length === 0;
  }

  /** @throws RerunError ERR_RERUN_FORMAT if the file does not begin as a recording. */
  async run(): Promise<void> {
    if (this.#size === 0) return;
    parseStreamHeader(await this.#bytes.read(0, STREAM_HEADER_BYTES));
    let at: number | undefined = STREAM_HEADER_BYTES;
    while (at !== undefined && at < this.#size) at = await this.#step(at);
  }

  /** Where the next thing begins; undefined if that cannot be said. */
  async #step(at: number): Promise<number | undefined> {
    const payloadAt = at + MESSAGE_HEADER_BYTES;
    const indexed = this.#index?.get(payloadAt);
    if (indexed !== undefined && payloadAt + indexed.length <= this.#size) {
      this.entries.push({
        kind: MessageKind.ArrowMsg,
        offset: payloadAt,
        ...indexed,
        store: this.#stores.add(indexed.store),
      });
      return payloadAt + indexed.length;
    }
    const head = await this.#bytes.read(at, MESSAGE_HEADER_BYTES);
    if (isStreamHeader(head)) return this.#streamHeader(at, head);
    if (head.length < MESSAGE_HEADER_BYTES) return this.#stop("cut", at, "the file ends inside of a message header");
    const { kind, length } = parseMessageHeader(head);
    const end = payloadAt + length;
    if (end > this.#size) {
      if (kind === undefined) return this.#stop("unknown", at, "no message begins here");
      if (kind === MessageKind.End) return this.#stop("index", at, "the file ends inside of its index");
      return this.#stop("cut", at, `the file ends inside of a message of ${length} bytes`);
    }
    if (kind === undefined) this.#note("unknown", at, end, "a message of a kind that is not known");
    else if (kind === MessageKind.End) return this.#end(at, end);
    else await this.#message(kind, at, payloadAt, length);
    return end;
  }

  #streamHeader(at: number, head: Uint8Array): number | undefined {
    if (head.length < STREAM_HEADER_BYTES) return this.#stop("cut", at, "the file ends inside of a stream header");
    try {
      parseStreamHeader(head);
    } catch (error) {
      return this.#stop("unknown", at, (error as Error).message);
    }
    return at + STREAM_HEADER_BYTES;
  }

  /** Behind the end comes its footer, which old writers left out, and then another stream or nothing. */
  async #end(at: number, end: number): Promise<number | undefined> {
    const rest = await this.#bytes.read(end, STREAM_FOOTER_BYTES);
    if (rest.length === 0) return end;
    if (isStreamHeader(rest) && parseStreamFooter(rest) === undefined) return end;
    if (rest.length < STREAM_FOOTER_BYTES) return this.#stop("index", at, "the file ends inside of its footer");
    if (parseStreamFooter(rest) === undefined) return this.#stop("unknown", end, "no footer follows the end");
    const next = end + STREAM_FOOTER_BYTES;
    if (next === this.#size || isStreamHeader(await this.#bytes.read(next, STREAM_HEADER_BYTES))) return next;
    return this.#stop("unknown", next, "no recording follows the footer");
  }

  async #message(kind: MessageEntry["kind"], at: number, offset: number, length: number): Promise<void> {
    const payload = await this.#bytes.read(offset, length);
    try {
      if (payload.length < length) throw formatError("the file became shorter");
      const store = readingAt(at, () => this.#stores.in(kind, payload));
      this.entries.push({ kind, offset, length, store });
    } catch (error) {
      this.#note("damaged", at, offset + length, (error as Error).message);
    }
  }

  #stop(kind: RrdProblem["kind"], at: number, message: string): undefined {
    this.#note(kind, at, this.#size, message);
  }

  #note(kind: RrdProblem["kind"], at: number, end: number, message: string): void {
    this.problems.push({ kind, offset: at, length: end - at, message });
  }
}
