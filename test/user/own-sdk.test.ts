import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { describeWithOracle, dump, expectVerified, values } from "../oracle.ts";
import { freshFolder, node } from "./run.ts";

const { sdk2 } = inject("consumers");

describeWithOracle("an app that starts its own SDK 2.x under register", () => {
  it("keeps its provider, propagator and exporter, and is recorded", async () => {
    const file = join(freshFolder(), "run.rrd");
    const run = await node(sdk2, ["--require", "otel-rerun/register", "apps/own-sdk.cjs"], { OTEL_RERUN_FILE: file });
    expect(run.status, run.stderr).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({
      registered: { provider: true, contextManager: true, propagator: true },
      delegateIsMine: true,
      fields: ["x-mine"],
      mine: 10,
      inner: 10,
      parentsExported: true,
    });
    expectVerified(file);
    // the name that the application gives its provider, not that of its package
    const store = dump(file).find(({ applicationId, kind }) => kind === "recording" && applicationId === "checkout");
    if (store === undefined) throw new Error("nothing was recorded of the service");
    const names = values(store, "/spans", "name");
    expect(names.filter((name) => name === "early work")).toHaveLength(10);
    expect(names.filter((name) => name === "inner work")).toHaveLength(10);
    expect(names.filter((name) => name === "GET /work/:id")).toHaveLength(10);
    const ids = new Set(values(store, "/spans", "span_id"));
    for (const parent of values(store, "/spans", "parent_span_id")) if (parent !== "") expect(ids).toContain(parent);
  });
});
