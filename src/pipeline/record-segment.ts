import { ByteWriter } from "../bytes/byte-writer.ts";
import { RECORD_HEADER_BYTES, type RecordKind } from "./record.ts";

/** A burst may grow a segment; memory beyond this is not kept. */
const KEEP_BYTES = 1 << 20;

/** Starts a record at the writer's position and returns where that is. The size is put in by `endRecord`. */
export function beginRecord(writer: ByteWriter, kind: RecordKind, recording: number, flags: number): number {
  const start = writer.position;
  writer.u32(0);
  writer.u32(kind | (flags << 8));
  writer.u32(recording);
  writer.u32(0);
  return start;
}

export function endRecord(writer: ByteWriter, start: number): void {
  writer.align(8);
  writer.patchU32(start, writer.position - start);
}

/** A record of its own. */
export function wholeRecord(kind: RecordKind, recording: number, payload: Uint8Array): Uint8Array {
  const record = new ByteWriter(RECORD_HEADER_BYTES + payload.length + 8);
  beginRecord(record, kind, recording, 0);
  record.raw(payload);
  endRecord(record, 0);
  return record.written();
}

/** Whole records one after the other, waiting to be read. */
export class RecordSegment {
  writer = new ByteWriter(4096);
  /** Records before this were read already. */
  from = 0;
  /** End of the last whole record. */
  to = 0;

  get isEmpty(): boolean {
    return this.from === this.to;
  }

  get byteLength(): number {
    return this.to - this.from;
  }

  /** The caller's clock in the row that ends here; rows only. */
  clockOf(start: number): number {
    return this.writer.f64At(start + RECORD_HEADER_BYTES + 8);
  }

  clear(): void {
    this.from = 0;
    this.to = 0;
    if (this.writer.bytes.length > KEEP_BYTES) this.writer = new ByteWriter(4096);
    else this.writer.reset();
  }
}
