// The same work as scalars.mjs into an MCAP file (raw 8-byte values, LZ4 chunks): the sharpest writer there is in Node.
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { McapWriter } from "@mcap/core";
import { compressFrameSync } from "lz4-napi";
import { stopwatch } from "../measure.mjs";

const entities = Number(process.env.ENTITIES ?? 600);
const steps = Number(process.env.STEPS ?? 500);
const rounds = Number(process.env.ROUNDS ?? 3);
const folder = mkdtempSync(join(tmpdir(), "otel-rerun-bench-"));
const values = Float64Array.from({ length: 65536 }, (_, i) => Math.sin(i / 100));
const results = [];

for (let round = 0; round < rounds; round++) {
  const file = join(folder, `${round}.mcap`);
  const fd = openSync(file, "w");
  let position = 0n;
  const writable = {
    position: () => position,
    async write(bytes) {
      writeSync(fd, bytes);
      position += BigInt(bytes.length);
    },
  };
  const writer = new McapWriter({
    writable,
    chunkSize: 1 << 20,
    compressChunk: (data) => ({ compression: "lz4", compressedData: compressFrameSync(Buffer.from(data)) }),
  });
  await writer.start({ profile: "", library: "bench" });
  const schemaId = await writer.registerSchema({ name: "f64", encoding: "", data: new Uint8Array() });
  const channels = [];
  for (let i = 0; i < entities; i++) {
    channels.push(
      await writer.registerChannel({ topic: `sensor/${i}`, schemaId, messageEncoding: "raw", metadata: new Map() }),
    );
  }
  const all = stopwatch();
  for (let step = 0; step < steps; step++) {
    for (let i = 0; i < entities; i++) {
      const data = new Uint8Array(8);
      new DataView(data.buffer).setFloat64(0, values[(step * 7 + i * 131) & 65535], true);
      const time = BigInt(Date.now()) * 1_000_000n;
      await writer.addMessage({ channelId: channels[i], sequence: step, logTime: time, publishTime: time, data });
    }
  }
  const call = all();
  await writer.end();
  closeSync(fd);
  const { wall, cpu } = all();
  results.push({ callCpu: call.cpu, callWall: call.wall, wall, cpu, bytes: statSync(file).size });
}
rmSync(folder, { recursive: true });
console.log(JSON.stringify({ rows: entities * steps, cold: results[0], warm: results.at(-1) }));
