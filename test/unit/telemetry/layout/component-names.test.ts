import { expect, it } from "vitest";
import { ComponentNames } from "../../../../src/telemetry/layout/component-names.ts";

it("an attribute without a name gets one, the same each time, and takes nobody's", () => {
  const names = new ComponentNames();
  expect(names.of({ _: 1 })).toEqual({ _: 1 });
  for (let i = 0; i < 2; i++) expect(names.of({ "": 1, ok: 2 })).toEqual({ __2: 1, ok: 2 });
  expect(new ComponentNames().of({ "": 1 })).toEqual({ _: 1 });
});
