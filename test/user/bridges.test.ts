import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { describeWithOracle, dump, expectVerified, values } from "../oracle.ts";
import { freshFolder, node, recordingsIn } from "./run.ts";

const { plain } = inject("consumers");
const cli = join(plain, "node_modules/otel-rerun/dist/cli.cjs");

const span = (id: number) => ({
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: id.toString(16).padStart(16, "0"),
  name: `span ${id}`,
  startTimeUnixNano: "1700000000000000001",
  endTimeUnixNano: "1700000000000000009",
});
const request = (service: string, ...ids: number[]) =>
  JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: service } }] },
        scopeSpans: [{ spans: ids.map(span) }],
      },
    ],
  });

describeWithOracle("telemetry of others, from the package", () => {
  it("convert reads a pipe", async () => {
    const folder = freshFolder();
    const child = spawn(process.execPath, [cli, "convert", "-o", "run.rrd"], {
      cwd: folder,
      stdio: ["pipe", "ignore", "inherit"],
    });
    child.stdin.end(`${request("shop", 1, 2)}\n${request("shop", 3)}\n`);
    expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(0);
    const path = join(folder, "run.rrd");
    expectVerified(path);
    const run = dump(path, "/spans").find(({ applicationId }) => applicationId === "shop");
    expect((values(run!, "/spans", "name") as string[]).sort()).toEqual(["span 1", "span 2", "span 3"]);
    const times = run!.chunks
      .filter(({ entity }) => entity === "/spans")
      .flatMap(({ timelines }) => timelines.log_time);
    expect(new Set(times)).toEqual(new Set(["1700000000000000001"]));
  });

  it.each([
    ["ESM", "mjs", 'import { convert, detectFormat } from "otel-rerun/bridges"; import * as rr from "otel-rerun";'],
    [
      "CommonJS",
      "cjs",
      'const { convert, detectFormat } = require("otel-rerun/bridges"); const rr = require("otel-rerun");',
    ],
  ])("the API, as %s", async (_, extension, imports) => {
    const folder = freshFolder();
    const program = join(plain, `bridges.${extension}`);
    writeFileSync(
      program,
      `${imports}
const bytes = Buffer.from(${JSON.stringify(request("shop", 1, 2))});
(async () => {
  const rec = new rr.RecordingStream("shop", { telemetry: { clock: "data" } });
  rec.save(${JSON.stringify(join(folder, "run.rrd"))});
  const { spans, skipped } = await convert(bytes, rec);
  await rec.shutdown({});
  const refused = await convert(Buffer.from("?"), rec).catch((error) => [error.code, error instanceof rr.RerunError]);
  console.log(JSON.stringify([detectFormat(bytes), spans, skipped, refused]));
})();`,
    );
    const { stdout, stderr } = await node(folder, [program]);
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual([{ format: "otlp-json" }, 2, 0, ["ERR_RERUN_FORMAT", true]]);
    expectVerified(join(folder, "run.rrd"));
  });

  it.each([
    [
      "ESM",
      "mjs",
      'import { OtlpReceiver, convert, exportTrace } from "otel-rerun/bridges"; import * as rr from "otel-rerun";',
    ],
    [
      "CommonJS",
      "cjs",
      'const { OtlpReceiver, convert, exportTrace } = require("otel-rerun/bridges"); const rr = require("otel-rerun");',
    ],
  ])("the API, as %s: what OtlpReceiver takes goes out again by exportTrace", async (_, extension, imports) => {
    const folder = freshFolder();
    const path = join(folder, "run.rrd");
    const program = join(plain, `receiver.${extension}`);
    writeFileSync(
      program,
      `${imports}
(async () => {
  const rec = new rr.RecordingStream("shop");
  rec.save(${JSON.stringify(path)});
  const receiver = new OtlpReceiver(rec, { httpPort: 0, grpcPort: false });
  await receiver.listen();
  const { status } = await fetch(\`http://127.0.0.1:\${receiver.httpPort}/v1/traces\`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: ${JSON.stringify(request("shop", 1, 2))},
  });
  await receiver.close();
  await rec.shutdown({});
  const { text, traces } = await exportTrace(${JSON.stringify(path)}, { to: "otlp", trace: "0af7651916cd43dd8448eb211c80319c" });
  const again = new rr.RecordingStream("again");
  again.memoryRecording();
  const { spans } = await convert(Buffer.from(text), again);
  console.log(JSON.stringify([status, receiver.counts.spans, traces, spans]));
})();`,
    );
    const { stdout, stderr } = await node(folder, [program]);
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual([200, 2, 1, 2]);
  });

  it("serve takes what SDKs send, writes a file for each service, and ends cleanly on a signal", async () => {
    const folder = freshFolder();
    const args = [cli, "serve", "--per", "service", "-o", folder, "--http-port", "0", "--grpc-port", "0"];
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    let out = "";
    const url = await new Promise<string>((resolve) => {
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        out += text;
        const [, found] = /OTLP\/HTTP +(\S+)\n[\s\S]*Ctrl/.exec(out) ?? [];
        if (found !== undefined) resolve(found);
      });
    });
    for (const service of ["shop", "stock"]) {
      const headers = { "content-type": "application/json" };
      const { status } = await fetch(`${url}/v1/traces`, {
        method: "POST",
        headers,
        body: request(service, service.length),
      });
      expect(status).toBe(200);
    }
    child.kill("SIGINT");
    expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(0);
    expect(out).toMatch(/1 trace, 2 spans/);
    const files = recordingsIn(folder).sort();
    expect(files).toEqual([join(folder, "shop.rrd"), join(folder, "stock.rrd")]);
    expectVerified(...files);
  });
});
