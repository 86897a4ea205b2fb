import { Footer } from "./footer.ts";
import { encodeMessageHeader, encodeStreamHeader, MessageKind } from "./frame.ts";
import type { ArrowMessage, LogMessage } from "./log-message.ts";
import { encodeStreamFooter, footerChecksum } from "./stream-footer.ts";

/** Takes the bytes, in their order. They are valid during the call. */
export type WriteBytes = (bytes: Uint8Array) => void;

export interface RrdFileWriterOptions {
  /** Without one there is no end message at all; the file just stops, as that of a process that was killed. */
  readonly writeFooter: boolean;
  /** The stream has begun already: no header, and a footer only if all chunks that are there can be told. */
  readonly resumed?: BegunStream;
}

/** What was written by another writer. */
export interface BegunStream {
  readonly byteLength: number;
  /** Tells the footer of the chunks in it; false: it cannot. */
  readonly earlier: (add: AddChunk) => boolean;
}

/** Tells the footer of a chunk, and where its payload begins in the file. */
export type AddChunk = (message: ArrowMessage, offset: number) => void;

const KINDS = {
  "store-info": MessageKind.SetStoreInfo,
  arrow: MessageKind.ArrowMsg,
  activation: MessageKind.BlueprintActivationCommand,
} as const;

/**
 * Messages as an RRD stream, with the index of all chunks at the end (drawing in `frame.ts`).
 *
 * I2: what is written between two calls is a valid file. Chunks of several stores may come in any order; the footer has a manifest
 * for each.
 */
export class RrdFileWriter {
  readonly #out: WriteBytes;
  readonly #footer: Footer | undefined;
  readonly #resumed: RrdFileWriterOptions["resumed"];
  /** Of the next byte, from the beginning of the file. */
  #position: number;
  #isFinished = false;

  constructor(out: WriteBytes, { writeFooter, resumed }: RrdFileWriterOptions) {
    this.#out = out;
    this.#position = resumed?.byteLength ?? 0;
    this.#footer = writeFooter ? new Footer() : undefined;
    this.#resumed = resumed;
    if (resumed === undefined) this.#put(encodeStreamHeader());
  }

  write(message: LogMessage): void {
    const { kind, payload } = message;
    this.#put(encodeMessageHeader(KINDS[kind], payload.length));
    const offset = this.#position;
    this.#put(payload);
    if (message.kind === "arrow") this.#footer?.add(message, offset);
  }

  /** Idempotent. Nothing may be written afterwards. */
  finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    if (this.#footer === undefined) return;
    const own = this.#footer;
    const isWhole = this.#resumed?.earlier((message, at) => own.add(message, at)) ?? true;
    const footer = isWhole ? own.encode() : undefined;
    if (footer === undefined) return;
    this.#put(encodeMessageHeader(MessageKind.End, footer.length));
    const offset = this.#position;
    this.#put(footer);
    this.#put(encodeStreamFooter({ offset, length: footer.length, checksum: footerChecksum(footer) }));
  }

  #put(bytes: Uint8Array): void {
    this.#out(bytes);
    this.#position += bytes.length;
  }
}
