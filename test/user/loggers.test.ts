import { execFileSync } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { valuesIn } from "./read.ts";
import { freshFolder, node } from "./run.ts";

interface Line {
  readonly text: string;
  readonly level: string;
  readonly spanId: string;
  readonly attributes: string;
}

describe("pinoStream and winstonTransport, with real loggers", () => {
  const app = freshFolder();
  const secret = "s3cr3tV4lue0123456789";
  let file: string;
  let lines: Line[];
  let said: { expected: Record<string, string>; written: number; ownsTrace: boolean };

  beforeAll(async () => {
    cpSync(fileURLToPath(new URL("../fixtures/loggers", import.meta.url)), app, { recursive: true });
    const npm = (...args: string[]) =>
      execFileSync("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], {
        cwd: app,
        stdio: ["ignore", "ignore", "inherit"],
      });
    npm("ci");
    npm("install", "--no-save", inject("tarball"));
    file = join(app, "logs.rrd");
    const run = await node(app, ["logs.cjs"], { FILE: file, SECRET: secret });
    expect(run.status, run.stderr).toBe(0);
    said = JSON.parse(run.stdout);
    lines = await linesOf(file);
  });

  async function linesOf(path: string): Promise<Line[]> {
    const columns = ["TextLog:text", "TextLog:level", "Log:span_id", "Log:attributes"];
    const [texts = [], levels = [], spans = [], attributes = []] = await Promise.all(
      columns.map((component) => valuesIn(path, "/logs/loggers", component)),
    );
    return texts.map((text, at) => ({
      text: String(text),
      level: String(levels[at]),
      spanId: String(spans[at]),
      attributes: String(attributes[at]),
    }));
  }

  it("ties each of 160 interleaved lines to the span it was logged in", () => {
    const wanted = Object.entries(said.expected);
    expect(wanted).toHaveLength(160);
    for (const [text, spanId] of wanted) {
      expect(
        lines.filter((line) => line.text === text).map((line) => line.spanId),
        text,
      ).toEqual([spanId]);
    }
    expect(said.written).toBe(80 + 8 + 1); // the destination has every line of pino
    expect(said.ownsTrace).toBe(false); // as they were
  });

  it("is a stream to pino as its only argument, too", () => {
    expect(lines.filter(({ text }) => text === "its only argument")).toHaveLength(1);
  });

  it("maps levels, and honours the transport's own", () => {
    const levels = (prefix: string) =>
      lines
        .filter(({ text }) => text.startsWith(prefix))
        .map(({ text, level }) => `${text.split(" ")[1]?.split("\n")[0]} ${level}`);
    expect(levels("level ").sort()).toEqual(
      ["trace TRACE", "debug DEBUG", "info INFO", "warn WARN", "error ERROR", "fatal CRITICAL"].sort(),
    );
    expect(
      levels("wlevel ")
        .map((it) => it.split(" ")[0])
        .sort(),
    ).toEqual(["error", "warn", "info", "http", "verbose"].sort());
  });

  it("keeps fields as attributes and errors with their stack", () => {
    const all = JSON.stringify(lines);
    expect(all).toContain("nested");
    expect(all).toContain("broken by pino");
    expect(all).toContain("RangeError");
    expect(all).toContain("logs.cjs"); // from a stack
  });

  it("leaves no secret in the file's bytes (I12)", () => {
    expect(readFileSync(file).includes(secret)).toBe(false);
    const all = JSON.stringify(lines);
    expect(all).not.toContain(secret);
    expect(all).toContain("REDACTED");
  });
});
