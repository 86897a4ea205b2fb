import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { serviceName } from "../../../instrumentation/run/service-name.ts";

function project(name: string | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), "otel-rerun-name-"));
  if (name !== undefined) writeFileSync(join(folder, "package.json"), JSON.stringify({ name }));
  mkdirSync(join(folder, "src/deep"), { recursive: true });
  writeFileSync(join(folder, "src/package.json"), '{ "type": "module" }');
  return folder;
}

describe("serviceName", () => {
  const folder = project("@acme/shop");
  const script = join(folder, "src/deep/main.mjs");

  it("takes OTEL_SERVICE_NAME before OTEL_RESOURCE_ATTRIBUTES before package.json before the script", () => {
    const attributes = { OTEL_RESOURCE_ATTRIBUTES: "team=a,service.name=from%20attributes" };
    expect(serviceName({ ...attributes, OTEL_SERVICE_NAME: " named " }, script, "/")).toBe("named");
    expect(serviceName(attributes, script, "/")).toBe("from attributes");
    expect(serviceName({}, script, "/")).toBe("@acme/shop");
    expect(serviceName({}, "/nowhere/at/all/server.cjs", "/")).toBe("server");
  });

  it("skips a package.json without a name or that cannot be read", () => {
    writeFileSync(join(folder, "src/deep/package.json"), "{ not json");
    expect(serviceName({}, script, "/")).toBe("@acme/shop");
  });

  it("is the application's where a tool runs it, and the tool's where there is no application", () => {
    const tool = join(folder, "node_modules/vitest/vitest.mjs");
    mkdirSync(join(folder, "node_modules/vitest"), { recursive: true });
    writeFileSync(join(folder, "node_modules/vitest/package.json"), '{ "name": "vitest" }');
    expect(serviceName({}, tool, join(folder, "src"))).toBe("@acme/shop");
    expect(serviceName({}, join(folder, "node_modules/.bin/vitest"), folder)).toBe("@acme/shop");
    expect(serviceName({}, tool, "/nowhere")).toBe("vitest");
  });

  it("looks from the working directory when there is no script, and ends with a name in any case", () => {
    expect(serviceName({}, undefined, join(folder, "src"))).toBe("@acme/shop");
    expect(serviceName({ OTEL_SERVICE_NAME: "" }, undefined, "/nowhere")).toBe("node");
  });
});
