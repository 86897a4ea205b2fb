import type { ByteReader } from "../../bytes/byte-reader.ts";
import { componentListType, type DataType } from "../datatype.ts";
import { createColumnBuilder } from "./create-column-builder.ts";
import { ListBuilder } from "./list-builder.ts";

/** In place of a length: each row has its own. */
export const VARIED = 0xffff_ffff;

/**
 * A component column: one list of instances per row.
 *
 *   row:      u32 n · packed(T, n)
 *   columns:  u32 n of each row │ VARIED · rows × u32 n         up to 8 bytes · packed(T, sum of n)
 */
export class ListColumn extends ListBuilder {
  constructor(type: DataType) {
    super(componentListType(type), createColumnBuilder(type));
  }

  appendRows(reader: ByteReader, rows: number): void {
    const before = this.offsets.end;
    const each = reader.u32();
    if (each === VARIED) this.offsets.appendFrom(reader, rows);
    else this.offsets.appendEach(each, rows);
    reader.align(8);
    this.appendItems(reader, rows, before);
  }
}
