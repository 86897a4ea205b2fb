import type { ByteReader } from "../../bytes/byte-reader.ts";
import { componentListType, type DataType } from "../datatype.ts";
import { createColumnBuilder } from "./create-column-builder.ts";
import { ListBuilder } from "./list-builder.ts";

/**
 * A component column: one list of instances per row.
 *
 *   row:      u32 n · packed(T, n)
 *   columns:  rows × u32 n · packed(T, sum of n)
 */
export class ListColumn extends ListBuilder {
  constructor(type: DataType) {
    super(componentListType(type), createColumnBuilder(type));
  }

  appendRows(reader: ByteReader, rows: number): void {
    this.append(reader, rows);
  }
}
