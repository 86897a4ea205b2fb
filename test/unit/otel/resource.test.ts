import { describe, expect, it } from "vitest";
import { createResourceAttributes, parseResourceAttributes } from "../../../src/otel/sdk/resource.ts";
import { spanLimits } from "../../../src/otel/tracer/span-limits.ts";

describe("createResourceAttributes", () => {
  const name = (given: Record<string, unknown> | undefined, environment: Record<string, string>) =>
    createResourceAttributes(given, "shop", environment)["service.name"];

  it("names the service by OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, what is given, then the application id", () => {
    const given = { "service.name": "given" };
    const attributes = { OTEL_RESOURCE_ATTRIBUTES: "service.name=listed" };
    expect(name(given, { ...attributes, OTEL_SERVICE_NAME: "named" })).toBe("named");
    expect(name(given, attributes)).toBe("listed");
    expect(name(given, {})).toBe("given");
    expect(name(undefined, {})).toBe("shop");
  });

  it("says which process and which SDK it was", () => {
    expect(createResourceAttributes({ "host.name": "h" }, "shop", {})).toMatchObject({
      "host.name": "h",
      "process.pid": process.pid,
      "telemetry.sdk.language": "nodejs",
      "telemetry.sdk.name": "otel-rerun",
    });
  });
});

describe("parseResourceAttributes", () => {
  it.each([
    ["a=1,b=two%20words, c = =x ", { a: "1", b: "two words", c: "=x" }],
    ["a=1,,", { a: "1" }],
    ["", {}],
    ["a=1,junk", {}],
    ["=1", {}],
    ["a=%zz", {}],
  ])("reads %j", (text, attributes) => {
    expect(parseResourceAttributes(text)).toEqual(attributes);
  });
});

describe("spanLimits", () => {
  it("takes what is given, then the span's variable, then the general one, then 128", () => {
    const environment = {
      OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "7",
      OTEL_ATTRIBUTE_COUNT_LIMIT: "8",
      OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: "9",
      OTEL_SPAN_LINK_COUNT_LIMIT: "many",
    };
    expect(spanLimits({ eventCountLimit: 1 }, environment)).toEqual({
      attributeCountLimit: 7,
      attributeValueLengthLimit: 9,
      eventCountLimit: 1,
      linkCountLimit: 128,
      attributePerEventCountLimit: 128,
      attributePerLinkCountLimit: 128,
    });
  });
});
