import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openRrd } from "../../../src/reader.ts";
import { describeWithOracle, dump, expectVerified } from "../../oracle.ts";
import { all, golden, goldenPath, written } from "./streams.ts";

const folder = mkdtempSync(join(tmpdir(), "otel-rerun-copied-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every datatype, several stores, times of all kinds, nulls and empty lists; a file costs three starts of Python. */
const files = ["api_any_values.rrd", "api_timelines.rrd", "blueprint_embedded.rrd", "catalog_cleared.rrd"];

describeWithOracle("messages that are copied, with an index made of their summaries", () => {
  it.each(files)("%s: verifies, and the official reader finds the same by the index", async (name) => {
    const messages = await all((await openRrd(golden(name))).messages());
    const path = join(folder, name);
    writeFileSync(path, written(messages, true));
    expectVerified(path);
    expect(dump(path)).toEqual(dump(goldenPath(name)));
    const copied = await all((await openRrd(path)).messages());
    expect(copied.map(({ payload }) => Buffer.from(payload).toString("hex"))).toEqual(
      messages.map(({ payload }) => Buffer.from(payload).toString("hex")),
    );
  });
});
