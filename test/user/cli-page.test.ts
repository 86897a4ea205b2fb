import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { node } from "./run.ts";

it("docs/cli.md shows what the program prints, numbers aside", async () => {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const { status, stderr } = await node(root, ["scripts/cli-page.mjs", "--check"], {}, 175_000);
  expect(status, stderr).toBe(0);
});
