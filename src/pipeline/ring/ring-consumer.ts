import { RingControl } from "./ring-control.ts";
import type { RingMessage } from "./ring-message.ts";
import { isBefore, type RingPosition } from "./ring-position.ts";
import type { OutstandingRing } from "./ring-producer.ts";
import { RingSegment } from "./ring-segment.ts";

/** Reads whole records and returns where it stopped: at `to`, or at the end of an earlier record. */
export type ReadRecords = (bytes: Uint8Array, from: number, to: number) => number;

interface Blob {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
}

/**
 * The writer's end of a ring. Reading and freeing are apart: what was read stays until it is somewhere safe, because another
 * writer may have to read it again.
 */
export class RingConsumer {
  readonly control: RingControl;
  readonly #receive: () => void;
  readonly #segments: RingSegment[] = [];
  readonly #blobs = new Map<number, Blob>();
  /** Number of the first segment in the list, and of the one that is read. */
  #first = 0;
  #current = 0;
  #read = 0;
  /** Blobs in the order of their records, with where those are. */
  #blobsRead: { readonly no: number; readonly at: RingPosition; readonly byteLength: number }[] = [];
  #blobBytes = 0;
  #lastBlob = 0;

  /** @param receive fetches messages that were sent but not received yet, and gives them to `take`. */
  constructor(ring: OutstandingRing, receive: () => void) {
    this.control = new RingControl(ring.control);
    this.#receive = receive;
    for (const buffer of ring.segments) this.#segments.push(new RingSegment(buffer));
    for (const blob of ring.blobs) this.take(blob);
    this.#first = ring.firstSegment;
    this.#current = ring.firstSegment;
    this.#read = (this.#segments[0] as RingSegment).durable;
  }

  /** Where reading goes on. */
  get position(): RingPosition {
    return { segment: this.#current, at: this.#read };
  }

  get isEmpty(): boolean {
    const segment = this.#segments[this.#current - this.#first] as RingSegment;
    return segment.head === this.#read && !segment.isLinked;
  }

  /** Bytes that were read and are not free yet. */
  get keptBytes(): number {
    let bytes = this.#blobBytes;
    for (let no = this.#first; no <= this.#current; no++) {
      const segment = this.#segments[no - this.#first] as RingSegment;
      bytes += ((no === this.#current ? this.#read : segment.head) - segment.durable) | 0;
    }
    return bytes;
  }

  /** What is known already is taken once. */
  take(message: RingMessage): void {
    if (message.type === "segment" && message.no === this.#first + this.#segments.length) {
      this.#segments.push(new RingSegment(message.buffer));
    } else if (message.type === "blob" && message.no > this.#lastBlob) {
      const { no, buffer, from, to } = message;
      this.#lastBlob = no;
      this.#blobs.set(no, { bytes: new Uint8Array(buffer), from, to });
    }
  }

  /** All of the ring's memory, for one who may have missed messages. */
  takeAll({ firstSegment, segments, blobs }: OutstandingRing): void {
    segments.forEach((buffer, at) => {
      this.take({ type: "segment", no: firstSegment + at, buffer });
    });
    for (const blob of blobs) this.take(blob);
  }

  /** Reads about `budget` bytes at most; less if `read` stops early. Returns how many. */
  read(read: ReadRecords, budget: number): number {
    let total = 0;
    while (total < budget) {
      const segment = this.#segments[this.#current - this.#first] as RingSegment;
      const waiting = (segment.head - this.#read) | 0;
      if (waiting === 0) {
        // what was published before the link was made may have been overlooked
        if (!segment.isLinked || segment.head !== this.#read) {
          if (segment.head === this.#read) break;
          continue;
        }
        if (!this.#next()) break;
        continue;
      }
      const from = this.#read & segment.mask;
      const to = Math.min(from + waiting, segment.capacity);
      const end = read(segment.bytes, from, to);
      this.#read = (this.#read + end - from) | 0;
      total += end - from;
      if (end < to) break;
    }
    return total;
  }

  /** The records of a `blob` record that is being read. */
  blob(no: number): Blob | undefined {
    if (!this.#blobs.has(no)) this.#receive();
    const blob = this.#blobs.get(no);
    if (blob !== undefined) {
      this.#blobsRead.push({ no, at: this.position, byteLength: blob.to - blob.from });
      this.#blobBytes += blob.to - blob.from;
    }
    return blob;
  }

  /** Everything before that place is safe: its memory may be used again. */
  free(to: RingPosition): void {
    let isMoved = false;
    while (this.#first < to.segment) {
      const segment = this.#segments.shift() as RingSegment;
      segment.durable = segment.head;
      segment.leave();
      this.#first += 1;
      isMoved = true;
    }
    const segment = this.#segments[0] as RingSegment;
    if (to.segment === this.#first && segment.durable !== to.at) {
      segment.durable = to.at;
      isMoved = true;
    }
    let blobs = 0;
    for (const { no, at, byteLength } of this.#blobsRead) {
      if (!isBefore(at, to)) break;
      this.#blobs.delete(no);
      this.#blobBytes -= byteLength;
      blobs += 1;
    }
    if (blobs > 0) this.#blobsRead.splice(0, blobs);
    if (isMoved) this.control.free();
  }

  #next(): boolean {
    if (this.#current + 1 - this.#first >= this.#segments.length) this.#receive();
    if (this.#current + 1 - this.#first >= this.#segments.length) return false;
    this.#current += 1;
    this.#read = 0;
    return true;
  }
}
