import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { compressBlock } from "../../../src/bytes/lz4.ts";
import { lastSequence } from "../../../src/bytes/lz4-block.ts";
import { openRrd, recover } from "../../../src/reader.ts";
import { SetStoreInfoSchema, StoreSourceKind } from "../../../src/rrd/proto/rerun/log_msg/v1alpha1/log_msg_pb.ts";
import { all, golden, written } from "./streams.ts";

const packed = (bytes: Uint8Array): Uint8Array =>
  compressBlock(
    bytes.length,
    (target) => target.set(bytes),
    (block) => block.slice(),
  );

/** The file with one message changed. */
async function withMessage(
  file: Uint8Array,
  kind: "store-info" | "arrow",
  change: (payload: Uint8Array) => Uint8Array,
): Promise<Uint8Array> {
  const messages = await all((await openRrd(file)).messages());
  const at = messages.findIndex((message) => message.kind === kind);
  const { payload } = messages[at]!;
  const changed = messages.map((message, i) =>
    i === at ? Object.assign(Object.create(message), { payload: change(payload) }) : message,
  );
  return written(changed as typeof messages, false);
}

describe("blocks of LZ4", () => {
  it("of the library are well formed, whatever their lengths", () => {
    for (const size of [0, 1, 12, 13, 14, 15, 16, 270, 271, 65_535, 70_000, 300_000]) {
      expect(lastSequence(packed(new Uint8Array(size)))).toBeDefined();
      expect(lastSequence(packed(Uint8Array.from({ length: size }, (_, i) => (i * i * 31) >> 3)))).toBeDefined();
    }
  });

  it("copy neither from nowhere nor from before the beginning, and end behind literals", () => {
    // one literal, then a match of 4 at the distance, then five literals
    const block = (distance: number) => Uint8Array.of(0x10, 7, distance, 0, 0x50, 1, 2, 3, 4, 5);
    expect(lastSequence(block(1))).toBeDefined();
    expect(lastSequence(block(0))).toBeUndefined();
    expect(lastSequence(block(2))).toBeUndefined();
    expect(lastSequence(block(1).subarray(0, 9))).toBeUndefined();
    expect(lastSequence(block(1).subarray(0, 4))).toBeUndefined();
    expect(lastSequence(new Uint8Array())).toBeUndefined();
  });
});

describe("recover takes what the official tool takes", () => {
  it("a recording whose writer cannot be read, without it", async () => {
    const file = await withMessage(golden("catalog_text.rrd"), "store-info", (payload) => {
      const fields = fromBinary(SetStoreInfoSchema, payload);
      // a field of a number without its end
      fields.info!.storeSource!.extra!.payload = Uint8Array.of(0x08, 0x03, 0xff, 0xff);
      return toBinary(SetStoreInfoSchema, fields);
    });
    const { messages } = await recover(file);
    const source = fromBinary(SetStoreInfoSchema, messages[0]!.payload).info?.storeSource;
    expect(source?.kind).toBe(StoreSourceKind.OTHER);
    const whole = await recover(golden("catalog_text.rrd"));
    expect(whole.messages[0]!.kind).toBe("store-info");
    expect(fromBinary(SetStoreInfoSchema, whole.messages[0]!.payload).info?.storeSource?.kind).toBe(
      StoreSourceKind.PYTHON_SDK,
    );
  });
});
