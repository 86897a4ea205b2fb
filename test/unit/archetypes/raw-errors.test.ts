import { describe, expect, it } from "vitest";
import * as archetypes from "../../../src/archetypes/index.ts";
import { RerunError } from "../../../src/errors.ts";
import type { AsComponents } from "../../../src/rrd/component-batch.ts";
import { instances } from "./instances.ts";

type Class = new (...given: unknown[]) => AsComponents;

const classes = Object.entries(archetypes).filter(
  ([, value]) => typeof value === "function" && "update" in value,
) as unknown as [string, Class][];

describe("an archetype made of the wrong thing never throws until it is logged, and then a typed error", () => {
  it.each(classes)("%s", (_, Archetype) => {
    for (const given of [[], [null], [null, null], [undefined, null], [5], ["text"], [{}], [[]], [[null]]]) {
      const made = new Archetype(...given);
      try {
        instances(made);
      } catch (error) {
        expect(error, JSON.stringify(given)).toBeInstanceOf(RerunError);
      }
    }
  });

  it("there are all of them", () => expect(classes.length).toBeGreaterThan(50));
});
