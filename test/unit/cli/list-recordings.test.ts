import { expect, it } from "vitest";
import { listRecordings } from "../../../src/cli/list-recordings.ts";
import { goldenPath } from "../reader/streams.ts";

it("lists the recordings of the files by their names, else by their ids; blueprints are none", async () => {
  const files = ["api_properties.rrd", "blueprint_embedded.rrd"].map(goldenPath);
  expect(await listRecordings(files)).toEqual([
    { applicationId: "golden_api", recordingId: "properties", name: "My recording ü" },
    { applicationId: "golden_blueprint", recordingId: "embedded", name: "embedded" },
  ]);
});
