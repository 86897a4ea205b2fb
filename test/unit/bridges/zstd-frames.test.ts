import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ZstdFrames } from "../../../src/bridges/input/zstd-frames.ts";
import { gate } from "../../oracle.ts";

const TEXT = Array.from({ length: 400 }, (_, no) => `line ${no % 37} of ${no * no}`).join("\n");

/** `TEXT` by `zstd -19` 1.5.4. */
const PACKED = Buffer.from(
  [
    "KLUv/WTiGD0qAEp+uA0ToKUgOT8azwDAj1wiW1Z4cMWeK9kA0QDXANyE2rzRLmtVtYmaJG2aV/7Ve7xQd8y8nrqz4Uib8aEN4ZbgRxAyWBQ+45",
    "fBM4uDVHulpSP3vIRDEAotc6joDPFMJFZJQ3oj5lBG6S6CaRWW6Clkh74aeD/cCeEYopQcwU2DrCPGoAzRsfiEipl3hl1DL3AyJeFUVsGL9MYL",
    "xXF878xhEoxXyYtRxrbbHRPn4CS2hhahMeYvpCvWOTtheIZAB5tCCx2kPCXYKbl2lCrO8ZUx+zDMQk9Imb/uXqwdN26Tpm1ezxscForXR7kFAw",
    "oCFAgUACAgYECMvsM6ygrFel4vrtWoU1VJ6uRHxcc1E14nhJpwOMTLEPU4NnVIc4xBog2J+w1fGkI2LBPxaUS5iDkwpDJWMTpenLFwuEJohQMV",
    "58+OnCtP6cNZhiWHnwm0SKCQgf6Yt5gtzfFCycINhfXL16UjSqFKLwSvBqsFpyElISeS1cfLoxejUKMjiG/FeuJmPsnfGF+r7w4zvzMhZ5aHfR",
    "xWNmxemHRvtdcJ75znMDKhZQ4hOyfrTLe6k/p53ZQPH9tSETJW/3EHtrIxOGncZrba29vNEZXX07/sHY4LFffKX7NX3CfrkvSpn2pmLs54DiNU",
    "GEc978jUlNm4I60zSkx7zh0cP2yE3Fis+UhTysP8CVInrBNChyGcwcFhDkJLcJCEUxo6j7A2gnSGORjKWfhwwRIUhFTwfd+7W4/HjSUHbxRci/",
    "3KdohYKLEn9aW6kvCksCT0JLqS+dLsiSyU7JDLq0stIxuNSA4yLkhryz2LbxEhRSyh8mGlnJA5QqRT1lI6n5wycdBEaInDJGd4O3zXmUqdzg8t",
    "JfSjUItdIV0/SO+Qtm9HaaW1G0frEy+rOrLLQeaNZUJZ5qDI3lZWO2SboUwaZWNM1opkd3jnfzohp7M0dB+7Ky/dPOmktlsd7Qx7jnWIVWjVYR",
    "7nHp2YWB1CumOeHWVF4uNWHhFCBsMvF3eYotViZyg2lPzAzYxZb4RvQyM4KJRJL2S8XLF6fAxOEnKBZly1cVfFBQvfhPoWRMy2OWyB723oTbJs",
    "fLeymyW2DzchuYlsm9FGanPMcgnp01g5ER0JjPNe0JpCq3ZGtY6jCk1YaoHDtOCmBVNplvmF/H2Z3w9vI3wMvjR/E4IAqCEYi1FebQYRSyAiIp",
    "0OEbAEoMAICORryB/5aR/5I1/qI3/UT32caJjwniTnTpiGHWMgYYxhBswYhdHaOeYqxZgBhOOAf2KG1A86WjsaqlGfUSt90dRyRL3xoM7zv6e1",
    "amjaOOrhTLU7P5nWFIEmgqPuMhWmU3Pcbags9xZEnMWWqU5Jb6NhnSGdfqdoTQHETmTjqPUFVZtbwgZlSuQRchM5JAEXNChTsKBDksQ+Ii4RR5",
    "amBB2SJFzQoEzBKeQmckg5aIIGZQoWdEiScElcIo4sRzCgQ5KECxqUKVjYTeSQcojcwqBMj5tmG8ams4ao6aZh0DRnmJnOMoRMN4YR0wzDwHS+",
    "kHj5Fhu3jeDRrn4b2xZB07FAZZ7SSSGiNFDYJx0npEnHhLmkUVKDUxePbhp96XxP0kRw0+xhut/mH2Z+Pn8MYt5HGEHt+7fxOcT/jNru36ybrN",
    "za+HZuH0Pt9zfjfcMDCwfnjX4blBrdNIgz7k0jfLGjxTxWFE4AEkEyqIFy0IE+oA8KoAm6g0ZSVhvutIYwhdWG660hbG21YLzu9h5jvj8vjO7d",
    "vOOYt+8F43235xjT/X1hdO+mPzGPMNrzPvW9X/UeeN/M+drKmvZhrwLFMp6+",
  ].join(""),
  "base64",
);

const RLE_LAST = 0b011;

/** A frame of blocks that repeat one byte. */
function repeated(window: number, sizes: readonly number[]): Buffer {
  const blocks = sizes.flatMap((size, no) => {
    const header = (size << 3) | (no === sizes.length - 1 ? RLE_LAST : 0b010);
    return [header & 255, (header >> 8) & 255, header >> 16, 120];
  });
  return Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, window, ...blocks]);
}
const MIB = 0x50;

const skippable = (bytes: number): Buffer => {
  const frame = Buffer.alloc(8 + bytes, 1);
  frame.writeUInt32LE(0x184d2a57, 0);
  frame.writeUInt32LE(bytes, 4);
  return frame;
};

function unpack(packed: Uint8Array, chunkBytes = packed.length): Buffer {
  const frames = new ZstdFrames();
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < packed.length; at += chunkBytes)
    pieces.push(...frames.push(packed.subarray(at, at + chunkBytes)));
  frames.end();
  return Buffer.concat(pieces);
}

describe("what zstd packed", () => {
  it.each([1, 2, 17, 1000, PACKED.length])("comes out the same, in pieces of %d bytes", (chunkBytes) => {
    expect(unpack(PACKED, chunkBytes).toString()).toBe(TEXT);
  });

  it("frames follow each other; skippable and empty ones are nothing", () => {
    const empty = Buffer.from("28b52ffd0050010000", "hex");
    const several = Buffer.concat([skippable(3), PACKED, empty, skippable(0), empty, PACKED, empty]);
    for (const chunkBytes of [1, 7, several.length]) expect(unpack(several, chunkBytes).toString()).toBe(TEXT + TEXT);
  });

  const noise = Buffer.from(Array.from({ length: 300_000 }, (_, no) => (no * no * 7919) >> 3));
  const inputs = { noise, text: Buffer.from(TEXT.repeat(200)), zeros: Buffer.alloc(1 << 20), nothing: Buffer.alloc(0) };
  const { error } = spawnSync("zstd", ["--version"]);
  gate("the program zstd", error?.message)("and what it packs now", () => {
    it.each([["-1"], ["-9", "--no-check"], ["-19"], ["--no-content-size"]])("as the program does: %s", (...args) => {
      for (const input of Object.values(inputs)) {
        const { stdout } = spawnSync("zstd", ["-q", "-c", ...args], { input, maxBuffer: 1 << 24 });
        expect(unpack(stdout, 65_536).equals(input)).toBe(true);
      }
    });
  });
});

describe("what is no use (I8)", () => {
  it("a bomb is handed on block by block: 32 GB are never there", () => {
    const bomb = repeated(MIB, Array(250_000).fill(128 << 10));
    let bytes = 0;
    for (const piece of new ZstdFrames().push(bomb)) {
      expect(piece.length).toBe(128 << 10);
      bytes += piece.length;
      if (bytes > 16 << 20) break;
    }
    expect(bytes).toBeGreaterThan(16 << 20);
  });

  it("a window beyond 8 MiB is refused before it is made, in a later frame too", () => {
    const [wide, single] = [repeated(0xa8, [1]), Buffer.from("28b52ffde000000000ffffff00010000", "hex")];
    for (const packed of [wide, single, Buffer.concat([PACKED, wide])]) {
      expect(() => unpack(packed)).toThrow(/window of \d+ MiB.*--long=31/);
    }
  });

  it("a block beyond what blocks may be", () => {
    expect(() => unpack(repeated(MIB, [(128 << 10) + 1]))).toThrow("a block of 131073 bytes");
  });

  it("every truncation is an error, never less text", () => {
    for (let length = 1; length < PACKED.length; length++) expect(() => unpack(PACKED.subarray(0, length))).toThrow();
  });

  it("seeded damages end in text or an error", () => {
    const results = new Set<string>();
    const property = fc.property(fc.nat(PACKED.length - 1), fc.nat(255), (at, byte) => {
      const packed = Buffer.from(PACKED);
      packed[at] = byte;
      try {
        unpack(packed);
        results.add("text");
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
        results.add("error");
      }
    });
    fc.assert(property, { numRuns: 2000, seed: 8 });
    expect([...results].sort()).toEqual(["error", "text"]);
  });
});
