import { describe, expect, it } from "vitest";
import { crateVersionBits, WRITTEN_VERSION } from "../../../src/rrd/format-version.ts";
import {
  encodeMessageHeader,
  encodeStreamHeader,
  isStreamHeader,
  MessageKind,
  parseMessageHeader,
  parseStreamHeader,
} from "../../../src/rrd/frame.ts";
import { encodeStreamFooter, footerChecksum, parseStreamFooter } from "../../../src/rrd/stream-footer.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("stream header", () => {
  it("has the version, compression and encoding in the places of the specification", () => {
    expect(hex(encodeStreamHeader({ major: 0, minor: 36, patch: 2, meta: 0 }))).toBe("525246320024020001020000");
    expect(hex(encodeStreamHeader())).toBe("525246320021000001020000");
  });

  it("is read where it stands", () => {
    const bytes = Uint8Array.of(9, 9, ...encodeStreamHeader());
    expect([isStreamHeader(bytes), isStreamHeader(bytes, 2), isStreamHeader(bytes.subarray(0, 5), 2)]).toEqual([
      false,
      true,
      false,
    ]);
    expect(parseStreamHeader(bytes, 2)).toEqual(WRITTEN_VERSION);
  });

  it.each([
    ["525246310024020001020000", "before 0.23"],
    ["504b03040024020001020000", "does not begin with RRF2"],
    ["525246320016000001020000", "0.22.0"],
    ["525246320000000001020000", "0.0.0"],
    ["525246320024020001010000", "encoding 1"],
    ["525246320024020001020001", "not zero"],
    ["5252463200240200", "ends inside"],
  ])("refuses %s", (header, reason) => {
    const read = () => parseStreamHeader(Buffer.from(header, "hex"));
    expect(read).toThrow(expect.objectContaining({ code: "ERR_RERUN_FORMAT" }));
    expect(read).toThrow(reason);
  });

  it("gives the version of a store as one number, negative for development builds", () => {
    expect(crateVersionBits({ major: 0, minor: 36, patch: 2, meta: 0 })).toBe(140288);
    expect(crateVersionBits({ major: 0, minor: 37, patch: 0, meta: 0xc1 })).toBeLessThan(0);
  });
});

describe("message header", () => {
  it("comes back as it was written", () => {
    const header = encodeMessageHeader(MessageKind.ArrowMsg, 0x1_2345_6789);
    expect(hex(header)).toBe("02000000000000008967452301000000");
    expect(parseMessageHeader(header)).toEqual({ kind: MessageKind.ArrowMsg, length: 0x1_2345_6789 });
  });

  it("says that a kind is unknown", () => {
    expect(parseMessageHeader(encodeStreamHeaderAndMore()).kind).toBeUndefined();
    expect(parseMessageHeader(encodeMessageHeader(4 as MessageKind, 0)).kind).toBeUndefined();
  });
});

describe("stream footer", () => {
  it("has the official checksum", () => {
    expect(footerChecksum(new Uint8Array(0))).toBe(0x2a973671);
    expect(footerChecksum(Buffer.from("abc"))).toBe(0xdf14a809);
  });

  it("comes back as it was written", () => {
    const footer = { offset: 5_000_000_000, length: 77, checksum: 0xdf14a809 };
    const bytes = Uint8Array.of(1, ...encodeStreamFooter(footer));
    expect(bytes).toHaveLength(33);
    expect(parseStreamFooter(bytes, 1)).toEqual(footer);
    expect(parseStreamFooter(bytes)).toBeUndefined();
  });
});

function encodeStreamHeaderAndMore(): Uint8Array {
  return Uint8Array.of(...encodeStreamHeader(), 0, 0, 0, 0);
}
