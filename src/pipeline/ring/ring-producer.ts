import { ByteWriter } from "../../bytes/byte-writer.ts";
import { now as monotonicNow } from "../../real-time.ts";
import { RecordKind } from "../record.ts";
import { beginRecord, endRecord } from "../record-segment.ts";
import { BlobPool } from "./blob-pool.ts";
import { RingControl } from "./ring-control.ts";
import type { BlobMessage, RingMessage } from "./ring-message.ts";
import type { RingPosition } from "./ring-position.ts";
import { RingSegment } from "./ring-segment.ts";

export interface RingProducerOptions {
  readonly post: (message: RingMessage) => void;
  /** Nobody will read the ring any more, until its producer has it read. Asked where the ring is full. Default: never. */
  readonly isForsaken?: () => boolean;
  /** Of segments and blobs together. Default 64 MiB. */
  readonly limitBytes?: number;
  /** Of the first segment, a power of two. Default 1 MiB. */
  readonly firstBytes?: number;
  /** Of the largest segments, unless a record needs more. Default 2 MiB. */
  readonly largestBytes?: number;
  /** How long a full ring holds its caller. Default 100. */
  readonly waitMillis?: number;
}

/** The memory of a ring, as it crosses threads. */
export interface OutstandingRing {
  readonly control: SharedArrayBuffer;
  /** Segments before the first of these were read and freed. */
  readonly firstSegment: number;
  readonly segments: readonly SharedArrayBuffer[];
  readonly blobs: readonly BlobMessage[];
}

/**
 * Segments grow by this factor up to that size. Memory of a full ring is free segment by segment, so one must be written while a caller
 * waits: of spans, 2 MiB are in 40 ms where 16 took 300, which lost 20,000 to 40,000 of 400,000 on one core.
 */
const GROWTH = 4;
const MAX_SEGMENT_BYTES = 2 << 20;

/** As many as wait to be written when a journal has the rows (src/pipeline/writer-thread/durability.ts), and one that is filled meanwhile. */
const MAX_SPARES = 7;

/** So often it is looked whether a full ring still has a reader. */
const LOOK_MILLIS = 100;

/** Free bytes that a record begins with; as many may be left unused at a segment's end. */
const MAX_ROOM_BYTES = 64 << 10;

/**
 * The caller's end of a ring: records are encoded where they are read from.
 *
 *   begin ─▶ writer aimed at the free part of the newest segment ─▶ end: head moves on
 *
 *   ┌─ 1 MiB ─┐   ┌── 2 MiB ──┐   ┌── 2 MiB ──┐
 *   │ linked ─┼──▶│  linked ──┼──▶│  newest   │     full: a further segment up to the limit, then 100 ms for space, then
 *   └─────────┘   └───────────┘   └───────────┘     the record is refused (I1, I7); who counts it is the caller (I3)
 *
 * Without a reader there is no limit: the producer, told so, has all of it read at the end of the record.
 *
 * A record that outgrows its place goes on in memory of its own and travels as a blob. Definitions and commands are never refused.
 */
export class RingProducer {
  readonly control = new RingControl();
  readonly #post: (message: RingMessage) => void;
  readonly #isForsaken: () => boolean;
  readonly #limitBytes: number;
  readonly #largestBytes: number;
  readonly #waitMillis: number;
  readonly #blobs: BlobPool;
  readonly #writer: ByteWriter;
  /** Those with something in them, the newest last. */
  #segments: RingSegment[];
  #segment: RingSegment;
  /** Those that are done, for the next links: shared memory is let go only when the collectors of both threads have seen it. */
  readonly #spares: RingSegment[] = [];
  #firstSegment = 0;
  #segmentBytes: number;
  #head = 0;
  /** Of the newest segment, as last seen. */
  #durable = 0;
  #openAt = -1;
  #room: number;
  #wakeAt: number;
  #nextBlob = 1;
  /** What `freed` was when a wait was in vain: nobody waits again until it has changed. */
  #stuckAt: number | undefined;
  /** And when somebody looks again whether it ever will. */
  #lookAt = 0;
  /** Waiting is in vain, so there is no limit: who was told will take all there is. */
  #hasNoReader = false;

  constructor(options: RingProducerOptions) {
    const { post, limitBytes = 64 << 20, firstBytes = 1 << 20, waitMillis = 100 } = options;
    this.#largestBytes = options.largestBytes ?? MAX_SEGMENT_BYTES;
    this.#post = post;
    this.#isForsaken = options.isForsaken ?? (() => false);
    this.#limitBytes = limitBytes;
    this.#waitMillis = waitMillis;
    this.#blobs = new BlobPool(limitBytes);
    this.#segment = RingSegment.create(firstBytes);
    this.#writer = new ByteWriter(0, (capacity) => this.#grow(capacity));
    this.#segments = [this.#segment];
    this.#segmentBytes = firstBytes;
    this.#room = roomOf(this.#segment);
    this.#wakeAt = firstBytes / 2;
  }

  /** What is not durable yet, for a consumer that takes the place of another. */
  get outstanding(): OutstandingRing {
    this.#reclaim(); // a consumer begins with the first of them, which may not be taken from under it
    const buffers = this.#segments.map(({ buffer }) => buffer);
    return {
      control: this.control.buffer,
      firstSegment: this.#firstSegment,
      segments: buffers,
      blobs: this.#blobs.lent,
    };
  }

  /** Where the record that is being encoded begins in its memory; −1: none. */
  get openAt(): number {
    return this.#openAt;
  }

  /** Where the next record goes. */
  get position(): RingPosition {
    return { segment: this.#firstSegment + this.#segments.length - 1, at: this.#head };
  }

  /** Everything before is durable. */
  get durable(): RingPosition {
    const [segment] = this.#segments as [RingSegment];
    return { segment: this.#firstSegment, at: segment.durable };
  }

  /** Shared memory in use, in bytes. */
  get byteLength(): number {
    return this.#segmentBytes + this.#blobs.lentBytes;
  }

  /** Starts a record; undefined: there is no room. None may be open. */
  begin(kind: RecordKind, recording: number, flags: number, isForced: boolean): ByteWriter | undefined {
    let segment = this.#segment;
    let at = this.#head & segment.mask;
    let room = this.#roomAt(at);
    if (room < this.#room) {
      if (!this.#makeRoom(this.#room, isForced)) return undefined;
      segment = this.#segment;
      at = this.#head & segment.mask;
      room = this.#roomAt(at);
    }
    const writer = this.#writer;
    writer.aim(segment.bytes, segment.view, at, at + room);
    this.#openAt = at;
    beginRecord(writer, kind, recording, flags);
    return writer;
  }

  /** Publishes the open record. False: it was too large to be held. */
  end(): boolean {
    const writer = this.#writer;
    const start = this.#openAt;
    endRecord(writer, start);
    this.#openAt = -1;
    if (writer.bytes === this.#segment.bytes) {
      this.#publish(writer.position - start);
      return true;
    }
    return this.#putOutgrown(writer.bytes, start, writer.position);
  }

  abort(): void {
    if (this.#writer.bytes !== this.#segment.bytes) this.#keep(this.#writer.bytes);
    this.#openAt = -1;
  }

  /** The open record goes on in memory of its own, so that other records can be put before it. */
  makeWay(): void {
    if (this.#openAt >= 0 && this.#writer.bytes === this.#segment.bytes) this.#writer.leave();
  }

  /** Publishes records that are whole already. An open record must have made way. */
  put(records: Uint8Array, isForced: boolean): boolean {
    const { length } = records;
    if (length > this.#segment.capacity / 4) {
      const bytes = new Uint8Array(this.#blobs.allocate(length));
      bytes.set(records);
      return this.#putBlob(bytes, 0, length, isForced);
    }
    if (this.#roomAt(this.#head & this.#segment.mask) < length && !this.#makeRoom(length, isForced)) return false;
    this.#segment.bytes.set(records, this.#head & this.#segment.mask);
    this.#publish(length);
    return true;
  }

  #publish(size: number): void {
    const head = (this.#head + size) | 0;
    this.#head = head;
    this.#segment.head = head;
    if (this.control.isParked && this.control.unpark()) {
      this.#wake();
    } else if (((head - this.#wakeAt) | 0) >= 0) this.#wake();
  }

  /** The consumer is called when it sleeps, and for every half of the segment. */
  #wake(): void {
    this.#wakeAt = (this.#head + this.#segment.capacity / 2) | 0;
    this.#post({ type: "wake" });
  }

  #putOutgrown(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start > this.#segment.capacity / 4) return this.#putBlob(bytes, start, end, false);
    const isIn = this.put(bytes.subarray(start, end), false);
    this.#keep(bytes);
    return isIn;
  }

  #putBlob(bytes: Uint8Array, from: number, to: number, isForced: boolean): boolean {
    const byteLength = to - from;
    const buffer = bytes.buffer as SharedArrayBuffer;
    // one value alone may be larger than the limit
    const fits = (): boolean => this.#blobs.lentBytes === 0 || this.byteLength + byteLength <= this.#limitBytes;
    if (!this.#waitUntil(fits) && !isForced && !this.#hasNoReader) {
      this.#keep(bytes);
      return false;
    }
    const no = this.#nextBlob++;
    const message = { type: "blob", no, buffer, from, to } as const;
    this.#post(message);
    const record = new ByteWriter(32);
    // of the recording whose record is in it
    const recording = new DataView(bytes.buffer, bytes.byteOffset).getUint32(from + 8, true);
    beginRecord(record, RecordKind.blob, recording, 0);
    record.u32(no);
    endRecord(record, 0);
    this.put(record.written(), true);
    this.#blobs.lend({ message, segment: this.#segment, end: this.#head });
    return true;
  }

  #grow(capacity: number): Uint8Array {
    const before = this.#writer?.bytes;
    const bytes = new Uint8Array(this.#blobs.allocate(capacity));
    // copied before anything else is allocated
    if (before !== undefined && before !== this.#segment.bytes) this.#keep(before);
    return bytes;
  }

  #keep(bytes: Uint8Array): void {
    this.#blobs.keep(bytes.buffer as SharedArrayBuffer);
  }

  /** Free bytes in one piece from there on. */
  #roomAt(at: number): number {
    const { capacity } = this.#segment;
    return Math.min(capacity - ((this.#head - this.#durable) | 0), capacity - at);
  }

  /** True if afterwards there are so many free bytes at the head, in one piece. */
  #makeRoom(needed: number, isForced: boolean): boolean {
    if (this.#waitUntil(() => this.#fits(needed) || this.#link(needed, this.#limitBytes))) return true;
    return (isForced || this.#hasNoReader) && this.#link(needed, Number.POSITIVE_INFINITY);
  }

  #fits(needed: number): boolean {
    const segment = this.#segment;
    this.#durable = segment.durable;
    const at = this.#head & segment.mask;
    if (this.#roomAt(at) >= needed) return true;
    const rest = segment.capacity - at;
    if (segment.capacity - ((this.#head - this.#durable) | 0) < rest + needed) return false;
    segment.view.setUint32(at, rest, true);
    segment.view.setUint32(at + 4, RecordKind.pad, true);
    this.#publish(rest);
    return true;
  }

  #link(needed: number, limitBytes: number): boolean {
    let capacity = Math.min(this.#largestBytes, GROWTH * this.#segment.capacity);
    while (capacity < 2 * needed) capacity *= 2;
    if (this.byteLength + capacity > limitBytes) return false;
    const next = this.#segmentOf(capacity);
    this.#post({ type: "segment", no: this.#firstSegment + this.#segments.length, buffer: next.buffer });
    this.#segment.link();
    this.#segment = next;
    this.#segments.push(next);
    this.#segmentBytes += capacity;
    this.#head = 0;
    this.#durable = 0;
    this.#room = roomOf(next);
    this.#wakeAt = capacity / 2;
    return true;
  }

  #segmentOf(capacity: number): RingSegment {
    const spare = capacity === this.#largestBytes ? this.#spares.pop() : undefined;
    spare?.reset();
    return spare ?? RingSegment.create(capacity);
  }

  /** Asks again whenever memory became free, 100 ms in all. */
  #waitUntil(isReady: () => boolean): boolean {
    let deadline: number | undefined;
    for (;;) {
      const seen = this.control.freed;
      this.#reclaim();
      if (isReady()) return true;
      const now = monotonicNow();
      if (seen === this.#stuckAt && now < this.#lookAt) return false;
      this.#hasNoReader = this.#isForsaken();
      if (this.#hasNoReader) return false;
      deadline ??= now + this.#waitMillis;
      if (now >= deadline || seen === this.#stuckAt) {
        this.#stuckAt = seen;
        this.#lookAt = now + LOOK_MILLIS;
        return false;
      }
      this.control.waitForSpace(seen, Math.min(deadline - now, LOOK_MILLIS), () => this.#post({ type: "wake" }));
    }
  }

  #reclaim(): void {
    this.#blobs.reclaim();
    let done = 0;
    for (const segment of this.#segments) {
      if (segment === this.#segment || !segment.isLeft) break;
      this.#segmentBytes -= segment.capacity;
      if (segment.capacity === this.#largestBytes && this.#spares.length < MAX_SPARES) this.#spares.push(segment);
      done += 1;
    }
    if (done === 0) return;
    this.#blobs.reclaim(); // none refers to a segment that may be used again
    this.#segments = this.#segments.slice(done);
    this.#firstSegment += done;
  }
}

function roomOf({ capacity }: RingSegment): number {
  return Math.min(MAX_ROOM_BYTES, capacity / 16);
}
