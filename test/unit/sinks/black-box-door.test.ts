import { mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { askForDump, doorOf, openDoor } from "../../../src/sinks/black-box-door.ts";

afterEach(() => vi.unstubAllEnvs());

it("is a named pipe on Windows, in the namespace that Node listens in", () => {
  expect(doorOf(4711, "win32")).toBe("\\\\.\\pipe\\otel-rerun-4711");
});

it("is a socket in a folder of the user's own elsewhere, which answers each who asks", async () => {
  vi.stubEnv("TMPDIR", mkdtempSync(join(tmpdir(), "door-")));
  const path = doorOf(process.pid, "linux");
  expect(path).toBe(join(process.env.TMPDIR ?? "", `otel-rerun-${process.getuid?.()}`, `${process.pid}.sock`));
  let dumps = 0;
  const server = openDoor(
    () => ({ files: [`${++dumps}.rrd`] }),
    () => {},
  );
  try {
    await vi.waitFor(() => expect(server.listening).toBe(true));
    expect(statSync(join(path, "..")).mode & 0o777).toBe(0o700);
    expect(await askForDump(process.pid, 5000)).toEqual({ files: ["1.rrd"] });
    expect(await askForDump(process.pid, 5000)).toEqual({ files: ["2.rrd"] });
  } finally {
    server.close();
  }
  await expect(askForDump(process.pid, 5000)).rejects.toThrow(/ENOENT|ECONNREFUSED/);
});
