import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { RecordingFile } from "../../../instrumentation/run/recording-file.ts";
import { processState } from "../../../src/recording/process/process-state.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import { type FakeTransport, useFakeTransport } from "../recording/fake-transport.ts";

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "otel-rerun-file-"));
  useFakeTransport();
});

function recordingFile(environment: Record<string, string> = {}, parentFile?: string): RecordingFile {
  return new RecordingFile({
    environment,
    cwd,
    service: "shop",
    startedAt: new Date("2026-11-23T10:15:00Z"),
    parentFile,
  });
}

describe("the file under register", () => {
  it("is named after time, service and pid, and not there before the first row", () => {
    const file = recordingFile();
    expect(file.base).toBe(join(cwd, `recordings/20261123T101500Z-shop-${process.pid}.rrd`));
    expect(readdirSync(cwd)).toEqual([]);
    file.attach(new RecordingStream("shop"));
    expect(file.paths).toEqual([file.base]);
    expect(statSync(file.base).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file.base)).mode & 0o777).toBe(0o700);
  });

  it("is what OTEL_RERUN_FILE says; its folder is made", () => {
    const file = recordingFile({ OTEL_RERUN_FILE: "some/where/run.rrd" });
    file.attach(new RecordingStream("shop"));
    expect(file.paths).toEqual([join(cwd, "some/where/run.rrd")]);
    expect(readdirSync(join(cwd, "some/where"))).toEqual([".run.rrd.lock", "run.rrd"]);
  });

  it("never replaces a file", () => {
    writeFileSync(join(cwd, "run.rrd"), "somebody's");
    const file = recordingFile({ OTEL_RERUN_FILE: "run.rrd" });
    file.attach(new RecordingStream("shop"));
    expect(basename(file.paths[0] as string)).toMatch(new RegExp(`^run\\.${process.pid}-[0-9a-f]{8}\\.rrd$`));
    expect(readFileSync(join(cwd, "run.rrd"), "utf8")).toBe("somebody's");
  });

  it("of a child is beside its parent's, also when that is not there yet", () => {
    const parent = join(cwd, "run.rrd");
    for (const environment of [{ OTEL_RERUN_FILE: parent }, {}]) {
      const file = recordingFile(environment, parent);
      file.attach(new RecordingStream("shop"));
      expect(file.base).toBe(parent);
      expect(file.paths[0]).toMatch(/run\.\d+-[0-9a-f]{8}\.rrd$/);
    }
    expect(existsSync(parent)).toBe(false);
  });

  it("of a child that was told another one is that", () => {
    const file = recordingFile({ OTEL_RERUN_FILE: "own.rrd" }, join(cwd, "run.rrd"));
    file.attach(new RecordingStream("shop"));
    expect(file.paths).toEqual([join(cwd, "own.rrd")]);
  });

  it.skipIf(process.platform === "win32")(
    "is none where a device or a pipe is named, and none is made beside it",
    () => {
      execFileSync("mkfifo", [join(cwd, "pipe")]);
      for (const path of ["/dev/null", "/dev/stdout", "/dev/fd/2", join(cwd, "pipe")]) {
        const file = recordingFile({ OTEL_RERUN_FILE: path });
        expect(() => file.attach(new RecordingStream("shop")), path).toThrow(`${path} is no file but a device`);
        expect(file.paths).toEqual([]);
      }
      expect(readdirSync(cwd)).toEqual(["pipe"]);
    },
  );

  it("goes to the temporary directory when its folder cannot be made", () => {
    writeFileSync(join(cwd, "recordings"), "in the way");
    vi.stubEnv("TMPDIR", mkdtempSync(join(tmpdir(), "otel-rerun-tmp-")));
    try {
      const file = recordingFile();
      file.attach(new RecordingStream("shop"));
      expect(dirname(dirname(file.paths[0] as string))).toBe(process.env.TMPDIR);
      expect(statSync(dirname(file.paths[0] as string)).mode & 0o777).toBe(0o700);
      expect(basename(file.paths[0] as string)).toBe(basename(file.base));
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("does not go into a folder of the temporary directory that others can reach", () => {
    writeFileSync(join(cwd, "recordings"), "in the way");
    vi.stubEnv("TMPDIR", mkdtempSync(join(tmpdir(), "otel-rerun-tmp-")));
    try {
      const trap = join(process.env.TMPDIR as string, `otel-rerun-${process.getuid?.()}`);
      mkdirSync(trap);
      chmodSync(trap, 0o777);
      const file = recordingFile();
      file.attach(new RecordingStream("shop"));
      expect(readdirSync(trap)).toEqual([]);
      expect(existsSync(file.paths[0] as string)).toBe(true);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("knows those of children and threads beside it, of this run and with something in them; a child does not ask", () => {
    const at = (name: string) => join(cwd, name);
    const file = recordingFile({ OTEL_RERUN_FILE: "run.rrd" });
    file.attach(new RecordingStream("shop"));
    expect(file.others()).toEqual([]);
    for (const name of ["run.12-0123abcd.rrd", "run.13-0123abcd.2.rrd", "run.14-0123abcd.rrd"]) {
      writeFileSync(at(name), "RRF2");
    }
    for (const name of ["run.2.rrd", "other.12-0123abcd.rrd", "run.GET_a-0123abcd.rrd", "run.15-0123abcd.rrd"]) {
      writeFileSync(at(name), name.includes(".15-") ? "" : "RRF2");
    }
    utimesSync(at("run.14-0123abcd.rrd"), 1_700_000_000, 1_700_000_000);
    expect(file.others()).toEqual([at("run.12-0123abcd.rrd"), at("run.13-0123abcd.2.rrd")]);
    const child = recordingFile({ OTEL_RERUN_FILE: "run.rrd" }, at("run.rrd"));
    child.attach(new RecordingStream("shop"));
    expect(child.others()).toEqual([]);
  });

  it("is shared by the recordings of the process, until the last has ended", async () => {
    const file = recordingFile();
    const [one, two, three] = ["one", "two", "three"].map((id) => new RecordingStream(id)) as [
      RecordingStream,
      RecordingStream,
      RecordingStream,
    ];
    file.attach(one);
    file.attach(two);
    expect(file.paths).toHaveLength(1);
    await Promise.all([one.shutdown({ timeoutMillis: 100 }), two.shutdown({ timeoutMillis: 100 })]);
    file.attach(three);
    expect(file.paths).toHaveLength(2);
    expect(file.segments().map(({ path }) => path)).toEqual(file.paths);
  });

  it("passes the limit on, and warns of one that cannot be read", () => {
    const sinks = () => {
      const commands = (processState().transport as FakeTransport).commands;
      return commands.flatMap((command) => (command.type === "set-sinks" ? command.sinks : [])).at(-1);
    };
    recordingFile({ OTEL_RERUN_MAX_BYTES: "3MiB" }).attach(new RecordingStream("a"));
    expect(sinks()).toMatchObject({ kind: "file", maxBytes: 3 << 20 });
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    recordingFile({ OTEL_RERUN_MAX_BYTES: "much", OTEL_RERUN_KEEP: "0" }).attach(new RecordingStream("b"));
    expect(sinks()).toMatchObject({ maxBytes: 256 << 20 });
    expect(warn.mock.calls.map(([text]) => text)).toEqual([
      expect.stringContaining("OTEL_RERUN_MAX_BYTES=much"),
      expect.stringContaining("OTEL_RERUN_KEEP=0"),
    ]);
    warn.mockRestore();
  });
});
