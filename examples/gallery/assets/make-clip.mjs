// Makes clip.ivf with the AV1 encoder of a Chromium: `node examples/gallery/assets/make-clip.mjs`. Run once; the clip is committed.
import { writeFileSync } from "node:fs";
import { chromium } from "playwright-core";

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const page = await browser.newPage();
// codecs are there in secure contexts only, and 127.0.0.1 is one
await page.route("**/*", (route) => route.fulfill({ contentType: "text/html", body: "" }));
await page.goto("http://127.0.0.1/");
const frames = await page.evaluate(encode);
await browser.close();

const [width, height, rate] = [320, 180, 25];
const header = Buffer.alloc(32);
header.write("DKIF");
header.writeUInt16LE(32, 6);
header.write("AV01", 8);
header.writeUInt16LE(width, 12);
header.writeUInt16LE(height, 14);
header.writeUInt32LE(rate, 16);
header.writeUInt32LE(1, 20);
header.writeUInt32LE(frames.length, 24);
const parts = frames.flatMap((base64, i) => {
  const sample = Buffer.from(base64, "base64");
  const head = Buffer.alloc(12);
  head.writeUInt32LE(sample.length, 0);
  head.writeBigUInt64LE(BigInt(i), 4);
  return [head, sample];
});
writeFileSync(new URL("clip.ivf", import.meta.url), Buffer.concat([header, ...parts]));

/** Runs in the page. A robot drives through a warehouse; every 25th frame is a keyframe. */
async function encode() {
  const [width, height] = [320, 180];
  const samples = [];
  const encoder = new VideoEncoder({
    output: (chunk) => {
      const bytes = new Uint8Array(chunk.byteLength);
      chunk.copyTo(bytes);
      samples.push(btoa(String.fromCharCode(...bytes)));
    },
    error: (error) => {
      throw error;
    },
  });
  encoder.configure({
    codec: "av01.0.00M.08",
    width,
    height,
    bitrate: 120_000,
    framerate: 25,
    latencyMode: "realtime",
  });
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext("2d");
  for (let i = 0; i < 75; i++) {
    pen.fillStyle = "#16202b";
    pen.fillRect(0, 0, width, height);
    pen.fillStyle = "#2d3d4f";
    for (let shelf = -1; shelf < 6; shelf++) pen.fillRect(((shelf * 70 - i * 1.4) % 420) + 20, 20, 50, 70);
    pen.strokeStyle = "#ffb000";
    pen.strokeRect(-1, 140, width + 2, 12);
    const x = 60 + 2.4 * i;
    pen.fillStyle = "#ff7a1a";
    pen.fillRect(x - 26, 112, 52, 26);
    pen.fillStyle = "#e8eef5";
    pen.fillRect(x - 20, 92 + 4 * Math.sin(i / 4), 40, 20);
    pen.fillStyle = "#0b0f14";
    for (const dx of [-16, 16]) {
      pen.beginPath();
      pen.arc(x + dx, 140, 8, 0, 7);
      pen.fill();
    }
    const frame = new VideoFrame(canvas, { timestamp: i * 40_000 });
    encoder.encode(frame, { keyFrame: i % 25 === 0 });
    frame.close();
  }
  await encoder.flush();
  return samples;
}
