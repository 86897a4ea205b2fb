import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { fromBinary } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Scalars } from "../../../src/archetypes/index.ts";
import * as rrb from "../../../src/blueprint.ts";
import { sendBlueprint } from "../../../src/recording/free-functions.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import { BlueprintActivationCommandSchema } from "../../../src/rrd/proto/rerun/log_msg/v1alpha1/log_msg_pb.ts";
import { openRrd } from "../../../src/rrd/reader/open-rrd.ts";
import { describeWithOracle, expectVerified } from "../../oracle.ts";

const golden = (file: string): string => fileURLToPath(new URL(`../../golden/${file}`, import.meta.url));
const dashboard = (name: string) => new rrb.Blueprint(new rrb.TimeSeriesView({ name, origin: "/a" }));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-rerun-send-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

/** Messages in order: kind, store, and of an activation its flags. */
async function outline(path: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const message of (await openRrd(path)).messages()) {
    const { kind, store, payload } = message;
    let line = `${kind} ${store.kind} ${store.applicationId}`;
    if (kind === "activation") {
      const { makeActive, makeDefault } = fromBinary(BlueprintActivationCommandSchema, payload);
      line += ` active=${makeActive} default=${makeDefault}`;
    }
    if (line !== lines.at(-1)) lines.push(line);
  }
  return lines;
}

/** Entity, component and values of all blueprint rows. */
async function contents(path: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const { entityPath, numRows, components } of (await openRrd(path)).chunks({ kind: "blueprint" })) {
    for (const column of components) {
      for (let row = 0; row < numRows; row++) lines.push(`${entityPath} ${column.component} ${plain(column.get(row))}`);
    }
  }
  return lines.toSorted();
}

const plain = (value: unknown): string =>
  JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? `${inner}n` : inner));

async function record(path: string, use: (rec: RecordingStream) => void | Promise<void>, app = "shop"): Promise<void> {
  const rec = new RecordingStream(app, { sendProperties: false });
  rec.save(path);
  rec.log("/a", new Scalars(1));
  await use(rec);
  await rec.shutdown({});
}

describe("a blueprint beside a recording", () => {
  it("is a store of the same application that is activated after its last row (C22)", async () => {
    await record(at("sent.rrd"), (rec) => rec.sendBlueprint(dashboard("A")));
    expect((await outline(at("sent.rrd"))).filter((line) => line.includes("blueprint"))).toEqual([
      "store-info blueprint shop",
      "arrow blueprint shop",
      "activation blueprint shop active=true default=true",
    ]);
  });

  it("is sent by the free function to the recording that is active or given", async () => {
    const path = at("free.rrd");
    await record(path, (rec) => sendBlueprint(dashboard("A"), { recording: rec, makeActive: false }));
    expect(await outline(path)).toContain("activation blueprint shop active=false default=true");
    expect(() => sendBlueprint(dashboard("A"))).not.toThrow();
  });

  it("is the default only, as an option of save", async () => {
    const rec = new RecordingStream("shop");
    rec.save(at("default.rrd"), { defaultBlueprint: dashboard("A") });
    await rec.shutdown({});
    expect(await outline(at("default.rrd"))).toContain("activation blueprint shop active=false default=true");
  });

  it("comes before the recording, also before rows that waited for the file: viewers choose a layout when they hear of one", async () => {
    const rec = new RecordingStream("shop");
    rec.log("early", new Scalars(1));
    await rec.flush({});
    rec.save(at("first.rrd"), { defaultBlueprint: dashboard("A") });
    rec.save(at("second.rrd"));
    await rec.shutdown({});
    const first = await outline(at("first.rrd"));
    expect(first.slice(0, 4)).toEqual([
      "store-info blueprint shop",
      "arrow blueprint shop",
      "activation blueprint shop active=false default=true",
      "store-info recording shop",
    ]);
    expect((await outline(at("second.rrd"))).slice(0, 4)).toEqual(first.slice(0, 4));
  });

  it("says what to do with a view", async () => {
    const view = new rrb.GraphView() as unknown as rrb.Blueprint;
    await record(at("view.rrd"), (rec) => {
      expect(() => rec.sendBlueprint(view)).toThrow(
        expect.objectContaining({
          code: "ERR_RERUN_ARGUMENT",
          message: expect.stringContaining("new Blueprint(view)"),
        }),
      );
    });
  });
});

describe("a blueprint in a file of its own", () => {
  it("is complete when save returns, and replaces what was there", async () => {
    dashboard("A").save(at("twice.rbl"), "shop");
    const first = readFileSync(at("twice.rbl")).length;
    dashboard("A").save(pathToFileURL(at("twice.rbl")), "other");
    expect(readFileSync(at("twice.rbl")).length).toBeLessThan(first * 1.5);
    expect(await outline(at("twice.rbl"))).toEqual([
      "store-info blueprint other",
      "arrow blueprint other",
      "activation blueprint other active=true default=true",
    ]);
  });

  it("cannot be written into a folder, nor without an application", () => {
    expect(() => dashboard("A").save(folder, "shop")).toThrow(expect.objectContaining({ code: "ERR_RERUN_FILE" }));
    expect(() => dashboard("A").save(at("no.rbl"), "")).toThrow(
      expect.objectContaining({ code: "ERR_RERUN_APPLICATION_ID" }),
    );
  });

  it.each(["blueprint_layout.rbl", "blueprint_table.rbl", "catalog_blueprint.rbl", "blueprint_embedded.rrd"])(
    "%s of the official SDK can be loaded and saved for another application",
    async (file) => {
      const loaded = await rrb.loadBlueprint(golden(file));
      loaded.save(at("again.rbl"), "other");
      expect(await contents(at("again.rbl"))).toEqual(await contents(golden(file)));
      expect(await outline(at("again.rbl"))).toEqual([
        "store-info blueprint other",
        "arrow blueprint other",
        "activation blueprint other active=true default=true",
      ]);
    },
  );

  it("is sent to a recording, under its application", async () => {
    dashboard("A").save(at("to-send.rbl"), "elsewhere");
    const loaded = await rrb.loadBlueprint(new Uint8Array(readFileSync(at("to-send.rbl"))));
    expect(loaded.applicationId).toBe("elsewhere");
    await record(at("resent.rrd"), (rec) => rec.sendBlueprint(loaded));
    expect(await contents(at("resent.rrd"))).toEqual(await contents(at("to-send.rbl")));
    const lines = await outline(at("resent.rrd"));
    expect(lines.filter((line) => line.includes("blueprint"))).toEqual([
      "store-info blueprint shop",
      "arrow blueprint shop",
      "activation blueprint shop active=true default=true",
    ]);
  });
});

describe("loading from a file with several", () => {
  it("takes the one that was activated last", async () => {
    await record(at("several.rrd"), (rec) => {
      rec.sendBlueprint(dashboard("first"));
      rec.sendBlueprint(dashboard("second"));
    });
    (await rrb.loadBlueprint(at("several.rrd"))).save(at("second.rbl"));
    expect((await contents(at("second.rbl"))).join("\n")).toContain('ViewBlueprint:display_name ["second"]');
    expect((await contents(at("second.rbl"))).join("\n")).not.toContain("first");
  });

  it("says what is there when there is none", async () => {
    await record(at("none.rrd"), () => {});
    await expect(rrb.loadBlueprint(at("none.rrd"))).rejects.toThrow(/no blueprint in it, only the recording of shop/);
    await expect(rrb.loadBlueprint(at("second.rbl"), { applicationId: "x" })).rejects.toMatchObject({
      code: "ERR_RERUN_ARGUMENT",
    });
    await expect(rrb.loadBlueprint(at("missing.rbl"))).rejects.toMatchObject({ code: "ERR_RERUN_FILE" });
    await expect(rrb.loadBlueprint(new Uint8Array(100))).rejects.toMatchObject({ code: "ERR_RERUN_FORMAT" });
  });
});

describeWithOracle("the official CLI", () => {
  it("verifies all of these files", () => {
    const paths = ["sent.rrd", "free.rrd", "default.rrd", "twice.rbl", "again.rbl", "resent.rrd", "several.rrd"].map(
      at,
    );
    expectVerified(...paths);
  });
});
