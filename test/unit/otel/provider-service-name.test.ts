import { defaultResource } from "@opentelemetry/resources";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import { expect, it } from "vitest";
import { providerServiceName } from "../../../src/otel/sdk/provider-service-name.ts";

it.each<[string, object, string | undefined]>([
  ["SDK 1.x", { resource: { attributes: { "service.name": "shop" } } }, "shop"],
  ["later lines", { _resource: { getRawAttributes: () => [["service.name", "shop"]] } }, "shop"],
  [
    "a name that is not known yet",
    { _resource: { getRawAttributes: () => [["service.name", Promise.resolve("")]] } },
    undefined,
  ],
  ["nobody's name", new BasicTracerProvider({ resource: defaultResource() }), undefined],
  ["no resource", { getTracer: () => {} }, undefined],
  [
    "a resource that throws",
    {
      get resource() {
        throw new Error("no");
      },
    },
    undefined,
  ],
])("finds the service's name in a provider: %s", (_, provider, name) => {
  expect(providerServiceName(provider)).toBe(name);
});
