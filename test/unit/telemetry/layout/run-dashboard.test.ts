import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Blueprint, DASHBOARD_ID, TimeSeriesView } from "../../../../src/blueprint.ts";
import * as rr from "../../../../src/index.ts";
import type { TelemetryOptions } from "../../../../src/recording/telemetry-options.ts";
import { BlueprintActivationCommandSchema } from "../../../../src/rrd/proto/rerun/log_msg/v1alpha1/log_msg_pb.ts";
import { openRrd } from "../../../../src/rrd/reader/open-rrd.ts";
import { mergeRecordings } from "../../../../src/telemetry/merge.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-rerun-dashboard-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function record(
  name: string,
  use: (rec: rr.RecordingStream) => void | Promise<void>,
  telemetry?: TelemetryOptions,
): Promise<string> {
  const path = join(folder, name);
  const rec = new rr.RecordingStream("shop", { sendProperties: false, ...(telemetry && { telemetry }) });
  rec.save(path);
  await use(rec);
  await rec.shutdown({});
  return path;
}

/** Names of views and containers that a viewer of the file gets for the application, in the order that they were sent in. */
async function shown(path: string): Promise<string[]> {
  const names: string[] = [];
  for await (const chunk of (await openRrd(path)).chunks({ kind: "blueprint" })) {
    for (const column of chunk.components) {
      if (!/^(View|Container)Blueprint:display_name$/.test(column.component)) continue;
      for (let row = 0; row < chunk.numRows; row++) names.push(...((column.get(row) ?? []) as string[]));
    }
  }
  return names;
}

/** Of the blueprints of the application that are activated, whose each is. */
async function activated(path: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { kind, store, payload } of (await openRrd(path)).messages()) {
    if (kind !== "activation" || store.applicationId !== "shop") continue;
    const { makeDefault } = fromBinary(BlueprintActivationCommandSchema, payload);
    if (makeDefault) ids.push(store.recordingId === DASHBOARD_ID ? "ours" : "its own");
  }
  return ids;
}

const points = new rr.Points3D([[0, 0, 0]]);

describe.each<["process" | "request"]>([["process"], ["request"]])("the dashboard of a %s", (layout) => {
  it.each([
    ["before", [(rec: rr.RecordingStream) => rec.log("my/points", points), span]],
    ["after", [span, (rec: rr.RecordingStream) => rec.log("my/points", points)]],
  ] as const)("shows what was logged by hand %s the first span", async (when, steps) => {
    const path = await record(
      `${layout}-${when}.rrd`,
      (rec) => {
        for (const step of steps) step(rec);
      },
      { layout },
    );
    expect(await shown(path)).toEqual(expect.arrayContaining(["Data", "3D"]));
  });

  it("shows columns too, which are no rows of the recorder's", async () => {
    const columns = { indexes: [], columns: rr.Scalars.columns({ scalars: [1, 2] }) };
    const path = await record(
      `${layout}-columns.rrd`,
      (rec) => {
        span(rec);
        rec.sendColumns("my/value", columns);
      },
      { layout },
    );
    expect(await shown(path)).toContain("my");
  });

  it("has no tab for data without any", async () => {
    const path = await record(`${layout}-none.rrd`, span, { layout });
    expect(await shown(path)).toContain("Summary");
    expect(await shown(path)).not.toContain("Data");
  });

  it.each(["before", "after"])(
    "is not sent over a layout that the application sends %s the first span",
    async (when) => {
      const own = new Blueprint(new TimeSeriesView({ name: "Mine", origin: "/my" }));
      const path = await record(
        `${layout}-own-${when}.rrd`,
        async (rec) => {
          if (when === "before") rec.sendBlueprint(own);
          span(rec);
          await rec.flush({});
          if (when === "after") rec.sendBlueprint(own);
          rec.log("my/points", points);
          span(rec);
        },
        { layout },
      );
      expect((await activated(path)).at(-1)).toBe("its own");
      if (when === "before") expect(await activated(path)).not.toContain("ours");
    },
  );
});

it("is sent again only if there is another view: what a user has arranged meanwhile stays", async () => {
  const path = await record("again.rrd", async (rec) => {
    for (let i = 0; i < 20; i++) {
      span(rec);
      rec.log(`my/value/${i}`, new rr.Scalars(i));
      await rec.flush({});
    }
  });
  expect((await shown(path)).filter((name) => name === "Data")).toHaveLength(1);
});

it("costs little however much there is to see: only what is new of it, ever less often (I7)", async () => {
  const path = await record("many.rrd", async (rec) => {
    for (let i = 0; i < 200; i++) {
      span(rec);
      rec.log(`part${i}/value`, new rr.Scalars(i));
      rec.log(`part${i}/image`, new rr.Image(new Uint8Array(3), { width: 1, height: 1, colorModel: "RGB" }));
      await rec.flush({});
    }
  });
  const names = await shown(path);
  expect(names.filter((name) => name === "Summary")).toHaveLength(2); // the run's, and that of its traces
  expect(names.length).toBeLessThan(60);
});

it("is still there, data and own layout, when files are merged", async () => {
  const path = await record("a.rrd", (rec) => {
    span(rec);
    rec.log("my/points", points);
  });
  const own = await record("b.rrd", (rec) => {
    rec.sendBlueprint(new Blueprint(new TimeSeriesView({ name: "Mine", origin: "/my" })));
    span(rec);
  });
  const input = (file: string) => ({ name: file, open: () => openRrd(file) });
  await mergeRecordings([input(path)], join(folder, "merged.rrd"));
  expect(await shown(join(folder, "merged.rrd"))).toContain("3D");
  await mergeRecordings([input(path), input(own)], join(folder, "both.rrd"));
  expect((await activated(join(folder, "both.rrd"))).at(-1)).toBe("its own");
});

function span(rec: rr.RecordingStream): void {
  rec.span("GET /", () => 1);
}
