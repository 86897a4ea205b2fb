// The scalars of rows/work.mjs into an MCAP file (raw 8-byte values, LZ4 chunks): the sharpest writer there is in Node.
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { McapWriter } from "@mcap/core";
import { compressFrameSync } from "lz4-napi";
import { Calls, runRounds } from "../rows/rounds.mjs";
import { untilDue, values, workFromEnvironment } from "../rows/work.mjs";

const work = workFromEnvironment();
const { entities, steps } = work;

await runRounds(work, async (folder, calls, watch) => {
  const fd = openSync(join(folder, "run.mcap"), "w");
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
    const topic = `sensor/${i}`;
    channels.push(await writer.registerChannel({ topic, schemaId, messageEncoding: "raw", metadata: new Map() }));
  }
  const log = (step, i) => {
    const data = new Uint8Array(8);
    new DataView(data.buffer).setFloat64(0, values[(step * 7 + i * 131) & 65535], true);
    const time = BigInt(Date.now()) * 1_000_000n;
    return writer.addMessage({ channelId: channels[i], sequence: step, logTime: time, publishTime: time, data });
  };
  const begun = performance.now();
  for (let step = 0; step < steps; step++) {
    if (work.stepMicros > 0) await untilDue(work, step, begun);
    for (let i = 0; i < entities; i++) await (calls === Calls.none ? log(step, i) : calls.time(() => log(step, i)));
  }
  watch.callsDone();
  await writer.end();
  closeSync(fd);
});
