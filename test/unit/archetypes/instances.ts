import { ByteWriter } from "../../../src/bytes/byte-writer.ts";
import { RerunError } from "../../../src/errors.ts";
import { encodeComponent } from "../../../src/pipeline/values/value-encoder.ts";
import type { AsComponents } from "../../../src/rrd/component-batch.ts";
import { unpack } from "../encoders/unpack.ts";

/** What a row of it would hold: the instances by component. Throws what encoding throws. */
export function instances(row: AsComponents): Record<string, unknown[]> {
  return Object.fromEntries(
    row.asComponentBatches().map(({ spec, values }) => {
      if (spec.problem !== undefined) throw new RerunError("ERR_RERUN_DATA", spec.problem);
      const writer = new ByteWriter();
      encodeComponent(spec, values, writer);
      const bytes = writer.written();
      const count = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
      return [spec.descriptor.component, unpack(spec.type, count, bytes.subarray(4))];
    }),
  );
}
