// node bench/convert.mjs [MEGABYTES]: OTLP JSON lines into a recording by the command line, beside a loop of nothing but JSON.parse over
// the same file. Prints one JSON line: both in MB/s of CPU, the ratio, resident memory at each tenth of the time and the highest, and the
// size of the footer, 0 = there is none.
// Each in a process of its own. Needs a build.
import { spawn } from "node:child_process";
import { closeSync, createReadStream, mkdtempSync, openSync, readSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { openRrd } from "otel-rerun/reader";
import { stopwatch } from "./measure.mjs";

const T0 = 1_700_000_000_000_000_000n;
const TRACES_A_LINE = 4;
const SPANS = 25;

const [first = "1000", path] = process.argv.slice(2);
if (first === "parse") await parse(path);
else await compare(Number(first));

/** The peer: what nobody who reads the file can do without. */
async function parse(file) {
  const passed = stopwatch();
  let spans = 0;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    for (const { scopeSpans } of JSON.parse(line).resourceSpans) spans += scopeSpans[0].spans.length;
  }
  console.log(JSON.stringify({ spans, ...passed() }));
}

async function compare(megabytes) {
  const folder = mkdtempSync(join(tmpdir(), "otel-rerun-bench-"));
  const input = join(folder, "traces.jsonl");
  const output = join(folder, "traces.rrd");
  try {
    write(input, megabytes * 1e6);
    const size = statSync(input).size / 1e6;
    const peer = await measured(fileURLToPath(import.meta.url), ["parse", input]);
    const cli = fileURLToPath(new URL("../dist/cli.cjs", import.meta.url));
    const ours = await measured(cli, ["convert", input, "-o", output, "--json"]);
    const reader = await openRrd(output);
    let chunks = 0;
    for await (const _ of reader.messages()) chunks += 1;
    const rate = (seconds) => Number((size / seconds).toFixed(1));
    const result = {
      megabytes: Number(size.toFixed(1)),
      spans: ours.result.spans,
      parseRate: rate(peer.cpu),
      convertRate: rate(ours.cpu),
      ratio: Number((ours.cpu / peer.cpu).toFixed(2)),
      convertWall: Number(ours.wall.toFixed(1)),
      memoryMegabytes: tenths(ours.resident),
      peakMegabytes: Math.round(ours.peak / 1e6),
      messages: chunks,
      footerBytes: footerBytes(output),
      outputMegabytes: Number((statSync(output).size / 1e6).toFixed(1)),
    };
    if (ours.result.spans !== peer.result.spans) throw new Error(`${ours.result.spans} of ${peer.result.spans} spans`);
    console.log(JSON.stringify(result));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** As the last 32 bytes of a file say (offset, length, checksum, magic). */
function footerBytes(file) {
  const fd = openSync(file, "r");
  const end = Buffer.alloc(32);
  readSync(fd, end, 0, 32, statSync(file).size - 32);
  closeSync(fd);
  return end.toString("latin1", 20, 28) === "RRF2FOOT" ? Number(end.readBigUInt64LE(8)) : 0;
}

/** At each tenth of the time, in MB. */
function tenths(resident) {
  const at = (part) => resident[Math.round((resident.length - 1) * part)] ?? 0;
  return Array.from({ length: 10 }, (_, i) => Math.round(at((i + 1) / 10) / 1e6));
}

/** Runs a program that prints JSON; CPU in seconds of all its threads, resident memory in bytes: four times a second, and the highest. */
function measured(script, args) {
  const report =
    "const r=[];setInterval(()=>r.push(process.memoryUsage.rss()),250).unref();" +
    "process.once('exit',()=>{const u=process.resourceUsage();require('fs').writeSync(3,JSON.stringify({...u,resident:r}))})";
  const preload = `data:text/javascript,${encodeURIComponent(`import { createRequire } from "node:module"; const require = createRequire("file:///x"); ${report}`)}`;
  return new Promise((resolve, reject) => {
    const wall = performance.now();
    const child = spawn(process.execPath, ["--import", preload, script, ...args], {
      stdio: ["ignore", "pipe", "inherit", "pipe"],
    });
    const texts = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text) => {
      texts[0] += text;
    });
    child.stdio[3].setEncoding("utf8").on("data", (text) => {
      texts[1] += text;
    });
    child.on("error", reject);
    child.on("close", (status) => {
      if (status !== 0) return reject(new Error(`${script} ended with ${status}`));
      const { userCPUTime, systemCPUTime, maxRSS, resident } = JSON.parse(texts[1]);
      resolve({
        result: JSON.parse(texts[0]),
        cpu: (userCPUTime + systemCPUTime) / 1e6,
        wall: (performance.now() - wall) / 1e3,
        resident,
        peak: maxRSS * 1024,
      });
    });
  });
}

/** The Collector's file exporter: traces of a server span and 24 of its database, of 20 routes. */
function write(file, bytes) {
  const fd = openSync(file, "w");
  const id = (n, digits) => n.toString(16).padStart(digits, "0");
  for (let line = 0, written = 0; written < bytes; line++) {
    const spans = [];
    for (let n = 0; n < TRACES_A_LINE * SPANS; n++) {
      const trace = line * TRACES_A_LINE + Math.floor(n / SPANS) + 1;
      const isRoot = n % SPANS === 0;
      const start = T0 + BigInt(trace) * 1_000_000n + BigInt(n) * 1000n;
      spans.push({
        traceId: id(trace, 32),
        spanId: id(line * TRACES_A_LINE * SPANS + n + 1, 16),
        ...(isRoot ? {} : { parentSpanId: id(line * TRACES_A_LINE * SPANS + n - (n % SPANS) + 1, 16) }),
        name: isRoot ? `GET /shop/${trace % 20}` : "SELECT",
        kind: isRoot ? 2 : 3,
        startTimeUnixNano: String(start),
        endTimeUnixNano: String(start + 900_000n + BigInt((trace * 7919) % 1000) * 1000n),
        attributes: [
          isRoot
            ? { key: "http.route", value: { stringValue: `/shop/${trace % 20}` } }
            : { key: "db.query.text", value: { stringValue: `SELECT * FROM cart WHERE id = ${n}` } },
        ],
      });
    }
    const resource = { attributes: [{ key: "service.name", value: { stringValue: "shop" } }] };
    written += writeSync(fd, `${JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] })}\n`);
  }
  closeSync(fd);
}
