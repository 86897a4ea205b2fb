import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteReader } from "../../../src/bytes/byte-reader.ts";
import { RECORD_HEADER_BYTES, RecordKind } from "../../../src/pipeline/record.ts";
import { RingConsumer } from "../../../src/pipeline/ring/ring-consumer.ts";
import type { RingMessage } from "../../../src/pipeline/ring/ring-message.ts";
import { RingProducer, type RingProducerOptions } from "../../../src/pipeline/ring/ring-producer.ts";

/** A ring with both ends in one thread; messages wait until the consumer asks for them. */
function ring(options: Partial<RingProducerOptions> = {}) {
  const messages: RingMessage[] = [];
  const producer = new RingProducer({
    post: (message) => messages.push(message),
    firstBytes: 1024,
    limitBytes: 1 << 20,
    waitMillis: 0,
    ...options,
  });
  const consumer = new RingConsumer(producer.outstanding, () => {
    for (const message of messages.splice(0)) consumer.take(message);
  });
  return {
    producer,
    consumer,
    messages,
    /** A record that holds `no` and `length` bytes that follow from it. */
    write(no: number, length: number, isForced = false): boolean {
      const writer = producer.begin(RecordKind.row, no, 0, isForced);
      if (writer === undefined) return false;
      writer.u32(length);
      for (let i = 0; i < length; i++) writer.u8((no + i) & 0xff);
      return producer.end();
    },
    read: (budget = Number.POSITIVE_INFINITY) => readFrom(consumer, budget),
  };
}

/** The numbers of the records, in order; throws if one of them is not whole. */
function readFrom(consumer: RingConsumer, budget = Number.POSITIVE_INFINITY): number[] {
  const seen: number[] = [];
  const visit = (bytes: Uint8Array, from: number, to: number): number => {
    const reader = new ByteReader(bytes, from);
    for (let at = from; at < to; ) {
      reader.position = at;
      const size = reader.u32();
      const kind = reader.u8();
      if (kind === RecordKind.pad) return to;
      reader.position = at + 8;
      const no = reader.u32();
      reader.position = at + RECORD_HEADER_BYTES;
      const value = reader.u32();
      if (kind === RecordKind.blob) {
        const blob = consumer.blob(value);
        if (blob === undefined) throw new Error(`blob ${value} was not sent`);
        visit(blob.bytes, blob.from, blob.to);
        return at + size;
      }
      for (let i = 0; i < value; i++) {
        if (reader.u8() !== ((no + i) & 0xff)) throw new Error(`record ${no} is torn at ${i}`);
      }
      seen.push(no);
      at += size;
    }
    return to;
  };
  while (consumer.read(visit, budget) > 0) if (budget < Number.POSITIVE_INFINITY) break;
  return seen;
}

describe("ring", () => {
  it("holds a model: what was accepted comes out whole and in order, whatever the sizes and steps (I5)", () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ write: fc.oneof(fc.nat(40), fc.nat(900), fc.nat(9000)) }) },
      { weight: 2, arbitrary: fc.record({ read: fc.nat(2000) }) },
      { weight: 1, arbitrary: fc.constant({ free: true }) },
      { weight: 1, arbitrary: fc.constant({ takeOver: true }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.constantFrom(3_000, 30_000, 300_000), (steps, limitBytes) => {
        const largestBytes = limitBytes < 10_000 ? 1024 : 4096;
        const { producer, consumer: first, messages, write } = ring({ limitBytes, largestBytes });
        let consumer = first;
        let accepted: number[] = [];
        let seen: number[] = [];
        let durable = 0;
        let no = 0;
        for (const action of steps) {
          if ("write" in action) {
            no += 1;
            if (write(no, action.write)) accepted.push(no);
          } else if ("read" in action) {
            seen.push(...readFrom(consumer, action.read));
          } else if ("free" in action) {
            consumer.free(consumer.position);
            durable = seen.length;
          } else {
            // a successor reads what is not durable once more
            messages.length = 0;
            const successor: RingConsumer = new RingConsumer(producer.outstanding, () => {
              for (const message of messages.splice(0)) successor.take(message);
            });
            consumer = successor;
            seen = seen.slice(0, durable);
          }
          expect(producer.byteLength).toBeLessThanOrEqual(limitBytes + 10_000);
        }
        seen.push(...readFrom(consumer));
        accepted = accepted.filter((n, i) => accepted.indexOf(n) === i);
        expect(seen).toEqual(accepted);
      }),
      { numRuns: 300 },
    );
  });

  it("grows by segments up to the limit, then refuses; definitions and commands are never refused (I7)", () => {
    const { producer, write, read } = ring({ limitBytes: 1024 + 4096 });
    let accepted = 0;
    while (write(accepted + 1, 100)) accepted += 1;
    expect(accepted).toBeGreaterThan(30);
    expect(producer.byteLength).toBe(1024 + 4096);
    expect(write(accepted + 1, 100, true)).toBe(true);
    expect(read()).toHaveLength(accepted + 1);
  });

  it("reads once more what was read and not freed, and nothing that was freed", () => {
    const { consumer, write, read, producer } = ring();
    for (let no = 1; no <= 10; no++) write(no, 20);
    read(200);
    consumer.free(consumer.position);
    const rest = read();
    const successor = new RingConsumer(producer.outstanding, () => {});
    expect(readFrom(successor)).toEqual(rest);
  });

  it("uses the memory of its segments again, and that of none that is still read (I7)", () => {
    const { consumer, messages, write, read } = ring({ largestBytes: 4096 });
    const buffers = new Set<SharedArrayBuffer>();
    let segments = 0;
    for (let no = 1; no <= 5000; no++) {
      // what is freed lags behind by a segment, so that a full one is always followed by another
      const before = consumer.position;
      expect(write(no, 400)).toBe(true);
      for (const message of messages) {
        if (message.type !== "segment") continue;
        buffers.add(message.buffer);
        segments += 1;
      }
      expect(read()).toEqual([no]);
      if (consumer.position.segment > before.segment) consumer.free(before);
    }
    expect(segments).toBeGreaterThan(400);
    expect(buffers.size).toBeLessThanOrEqual(3);
  });

  it("begins no segment anew that the consumer stands at the end of", () => {
    const { consumer, messages, write, read } = ring({ largestBytes: 1024 });
    const written: number[] = [];
    const writeUntilLinked = (): void => {
      const links = (): number => messages.filter(({ type }) => type === "segment").length;
      const before = links();
      while (links() === before) {
        written.push(written.length + 1);
        expect(write(written.length, 100)).toBe(true);
      }
    };
    writeUntilLinked();
    const seen = read(1); // all of the first segment, and no step further
    consumer.free(consumer.position);
    writeUntilLinked();
    expect([...seen, ...read()]).toEqual(written);
  });

  it("sends a value that is too large by itself, counts it, and uses its memory again", () => {
    const { producer, consumer, messages, write, read } = ring({ limitBytes: 100_000 });
    const buffers = new Set<SharedArrayBuffer>();
    for (let no = 1; no <= 20; no++) {
      expect(write(no, 20_000)).toBe(true);
      for (const message of messages) if (message.type === "blob") buffers.add(message.buffer);
      expect(producer.byteLength).toBeGreaterThan(20_000);
      expect(read()).toEqual([no]);
      consumer.free(consumer.position);
    }
    expect(buffers.size).toBeLessThan(6);
    let accepted = 0;
    while (write(accepted + 1, 20_000)) accepted += 1;
    expect(accepted).toBe(4);
  });

  it("calls a sleeping consumer once, and another one for every half of a segment", () => {
    const { producer, messages, write } = ring({ firstBytes: 1 << 16 });
    producer.control.isParked = true;
    write(1, 10);
    write(2, 10);
    expect(messages).toEqual([{ type: "wake" }]);
    for (let no = 3; no < 400; no++) write(no, 100);
    expect(messages.length).toBe(2);
  });

  it("keeps an open record while others are put before it, and forgets one that is aborted", () => {
    const { producer, write, read } = ring();
    write(1, 5);
    const open = producer.begin(RecordKind.row, 2, 0, false)!;
    open.u32(2);
    producer.makeWay();
    const other = ring();
    other.write(3, 4);
    const inside = other.producer.outstanding.segments[0]!;
    producer.put(new Uint8Array(inside, 256, 24).slice(), false);
    open.u8(2);
    open.u8(3);
    producer.end();
    const aborted = producer.begin(RecordKind.row, 4, 0, false)!;
    aborted.u32(1);
    producer.abort();
    write(5, 1);
    expect(read()).toEqual([1, 3, 2, 5]);
  });
});
