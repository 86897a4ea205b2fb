import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Scalars, TextLog } from "../../../src/archetypes/index.ts";
import { recordingInternals } from "../../../src/recording/internals.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import { type FakeTransport, useFakeTransport } from "./fake-transport.ts";

let transport: FakeTransport;
let folder: string;
let rec: RecordingStream;

beforeEach(() => {
  transport = useFakeTransport();
  folder = mkdtempSync(join(tmpdir(), "otel-rerun-sinks-"));
  rec = new RecordingStream("app");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("save (C07)", () => {
  it("makes the file at once, empties an existing one, and takes a URL", () => {
    const path = join(folder, "run.rrd");
    writeFileSync(path, "old");
    rec.save(pathToFileURL(path), { writeFooter: false, maxBytes: 1000 });
    expect(readFileSync(path)).toHaveLength(0);
    expect(transport.commands).toMatchObject([
      {
        type: "set-sinks",
        recording: recordingInternals(rec).no,
        sinks: [{ kind: "file", path, writeFooter: false, maxBytes: 1000 }],
      },
    ]);
  });

  it("makes a new file with the permissions that were asked for (I12)", () => {
    const path = join(folder, "private.rrd");
    rec.save(path, { mode: 0o600 });
    expect(statSync(path).mode & 0o777).toBe(process.platform === "win32" ? 0o666 : 0o600);
  });

  it("throws in the call for a folder and for a missing one, and the recording goes on", () => {
    for (const path of [folder, join(folder, "missing", "run.rrd")]) {
      expect(() => rec.save(path)).toThrow(expect.objectContaining({ code: "ERR_RERUN_FILE" }));
    }
    expect(transport.commands).toEqual([]);
    rec.log("a", new Scalars(1));
    expect(transport.userRows).toHaveLength(1);
    expect(existsSync(join(folder, "missing"))).toBe(false);
  });
});

describe("blueprints (C22)", () => {
  const blueprint = {
    log(write: Parameters<import("../../../src/recording/blueprint/blueprint.ts").LoggableBlueprint["log"]>[0]) {
      write("/viewport", new TextLog("x"), [{ timeline: { name: "blueprint", type: "sequence" }, value: 0n }]);
    },
  };

  it("a default blueprint is a store of its own at the same sinks, activated after its rows", () => {
    const path = join(folder, "run.rrd");
    rec.save(path, { defaultBlueprint: blueprint });
    const store = transport.definitions.find((one) => one.type === "recording" && one.store.kind === "blueprint");
    expect(store).toMatchObject({ store: { applicationId: "app" }, sinksOf: recordingInternals(rec).no });
    const [row] = transport.userRows;
    expect(row).toMatchObject({ entityPath: "/viewport", times: { blueprint: 0n } });
    expect(row?.times).not.toHaveProperty("log_time");
    // before anything of the recording is in the file: viewers choose a layout as soon as they hear of it
    expect(transport.commands).toMatchObject([
      { type: "activate", recording: row?.recording, makeActive: false, makeDefault: true },
      { type: "set-sinks" },
    ]);
  });

  it("sendBlueprint makes it active and default unless told otherwise", () => {
    rec.sendBlueprint(blueprint);
    rec.sendBlueprint(blueprint, { makeDefault: false });
    expect(transport.commands).toMatchObject([
      { makeActive: true, makeDefault: true },
      { makeActive: true, makeDefault: false },
    ]);
    const stores = transport.definitions.flatMap((one) => (one.type === "recording" ? [one.store.recordingId] : []));
    expect(new Set(stores).size).toBe(3);
  });
});
