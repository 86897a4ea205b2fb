import { Footer } from "./footer.ts";
import { encodeMessageHeader, encodeStreamHeader, MESSAGE_HEADER_BYTES, MessageKind } from "./frame.ts";
import type { ArrowMessage, LogMessage } from "./log-message.ts";
import { encodeStreamFooter, footerChecksum } from "./stream-footer.ts";

/** Where the bytes go. Those handed to `write` are valid during the call. */
export interface RrdTarget {
  write(bytes: Uint8Array): void;
  /** Of the next byte, from the beginning of the file. */
  readonly position: number;
}

export interface RrdFileWriterOptions {
  /** Without one there is no end message at all; the file just stops, as that of a process that was killed. */
  readonly writeFooter: boolean;
  /** The stream has begun already: no header, and a footer only if all chunks that are there can be told, which `earlier` does. */
  readonly resumed?: { readonly earlier: (add: AddChunk) => boolean };
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
  readonly #target: RrdTarget;
  readonly #footer: Footer | undefined;
  readonly #resumed: RrdFileWriterOptions["resumed"];
  #isFinished = false;

  constructor(target: RrdTarget, { writeFooter, resumed }: RrdFileWriterOptions) {
    this.#target = target;
    this.#footer = writeFooter ? new Footer() : undefined;
    this.#resumed = resumed;
    if (resumed === undefined) target.write(encodeStreamHeader());
  }

  write(message: LogMessage): void {
    const { kind, payload } = message;
    const offset = this.#target.position + MESSAGE_HEADER_BYTES;
    this.#target.write(encodeMessageHeader(KINDS[kind], payload.length));
    this.#target.write(payload);
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
    this.#target.write(encodeMessageHeader(MessageKind.End, footer.length));
    const offset = this.#target.position;
    this.#target.write(footer);
    this.#target.write(encodeStreamFooter({ offset, length: footer.length, checksum: footerChecksum(footer) }));
  }
}
