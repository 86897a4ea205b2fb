import { ByteReader } from "../bytes/byte-reader.ts";
import type { Command } from "./command.ts";
import { RECORD_HEADER_BYTES, RecordKind } from "./record.ts";
import type { DropReason } from "./recording-stats.ts";

type Dropped = Command & { readonly type: "dropped" };

/** Rows that never reached the writer, by recording and reason, until it is told. */
export class DroppedRows {
  readonly #commands = new Map<string, Dropped>();

  add(recording: number, reason: DropReason, rows: number): void {
    const key = `${recording} ${reason}`;
    const before = this.#commands.get(key)?.rows ?? 0;
    this.#commands.set(key, { type: "dropped", recording, reason, rows: before + rows });
  }

  /** Those of the records that begin between `from` and `to`: they found no room. */
  addRecords(bytes: Uint8Array, from: number, to: number): void {
    for (let at = from; at < to; ) {
      const reader = new ByteReader(bytes, at);
      const size = reader.u32();
      const kind = reader.u8();
      reader.position = at + 8;
      const recording = reader.u32();
      reader.position = at + RECORD_HEADER_BYTES + 8;
      const rows = kind === RecordKind.columns ? reader.u32() : 1;
      if (kind !== RecordKind.forget) this.add(recording, "overflow", rows);
      at += size;
    }
  }

  take(): readonly Dropped[] {
    const commands = [...this.#commands.values()];
    this.#commands.clear();
    return commands;
  }
}
