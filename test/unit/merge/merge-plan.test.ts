import { describe, expect, it } from "vitest";
import { DASHBOARD_ID } from "../../../src/blueprint/dashboards.ts";
import type { LogMessage } from "../../../src/rrd/log-message.ts";
import type { StoreId } from "../../../src/rrd/store-id.ts";
import { MergePlan } from "../../../src/telemetry/merge/merge-plan.ts";

const payload = new Uint8Array();
const run: StoreId = { kind: "recording", applicationId: "shop", recordingId: "run" };
const trace: StoreId = { kind: "recording", applicationId: "shop requests", recordingId: "0af7" };
const dashboard: StoreId = { kind: "blueprint", applicationId: "shop", recordingId: DASHBOARD_ID };
const own: StoreId = { kind: "blueprint", applicationId: "shop", recordingId: "by-hand" };

const info = (store: StoreId): LogMessage => ({ kind: "store-info", store, payload });
const chunk = (store: StoreId, entityPath: string): LogMessage => ({
  kind: "arrow",
  store,
  payload,
  isStatic: false,
  summary: { id: payload, entityPath, numRows: 1, uncompressedBytes: 0, timelines: [], components: [] },
});

function planOf(...messages: LogMessage[]): MergePlan {
  const plan = new MergePlan();
  for (const message of messages) plan.observe(message);
  return plan;
}

describe("what is merged", () => {
  const plan = planOf(
    info(run),
    info(dashboard),
    chunk(run, "/spans"),
    chunk(run, "/requests/shop_1/00"),
    chunk(run, "/requests/inventory_2/00"),
    info(trace),
    info(own),
    info(run),
  );

  it("takes a recording with a span table for a run", () => {
    expect(plan.processes).toEqual([run]);
  });

  it("knows the processes that share a run by the slugs of their lanes", () => {
    expect(plan.instances(run)).toEqual(["shop_1", "inventory_2"]);
    expect(planOf(chunk(run, "/spans"), chunk(run, "/requests/00")).instances(run)).toEqual([]);
  });

  it("finds the traces with a waterfall", () => {
    expect(plan.traces(run)).toEqual([trace]);
  });

  it.each([
    ["rows of the run", chunk(run, "/latency/GET_x"), true],
    ["the span table", chunk(run, "/spans"), true],
    ["the summary", chunk(run, "/summary"), false],
    ["the service graph", chunk(run, "/graph"), false],
    ["waterfalls", chunk(trace, "/trace/01-GET"), false],
    ["our dashboards", chunk(dashboard, "/viewport"), false],
    ["a dashboard made by hand", chunk(own, "/viewport"), true],
    ["store infos", info(run), false],
  ])("%s: copied or made anew", (_, message, isCopied) => {
    expect(plan.isCopied(message)).toBe(isCopied);
  });
});

it("copies recordings without telemetry whole, even if their names look like ours", () => {
  const plan = planOf(info(trace), chunk(trace, "/summary"), chunk(run, "/summary"));
  expect(plan.isCopied(chunk(trace, "/summary"))).toBe(true);
  expect(plan.isCopied(chunk(run, "/summary"))).toBe(true);
  expect(plan.copiedStores).toEqual([trace, run]);
});
