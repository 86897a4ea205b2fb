import { expect, it, vi } from "vitest";

const component = vi.hoisted(() => vi.fn());

vi.mock("../../../src/archetypes/component.ts", async (original) => {
  const real = await original<typeof import("../../../src/archetypes/component.ts")>();
  component.mockImplementation(real.component);
  return { ...real, component };
});

it("importing the package builds no component; an archetype builds its own at its first use, once", async () => {
  const rr = await import("../../../src/index.ts");
  const rrb = await import("../../../src/blueprint.ts");
  await import("../../../src/otel.ts");
  expect(component).not.toHaveBeenCalled();

  new rr.Scalars(1).asComponentBatches();
  expect(component.mock.calls.map(([archetype, field]) => `${archetype}.${field}`)).toEqual([
    "rerun.archetypes.Scalars.scalars",
  ]);
  new rr.Scalars(2).asComponentBatches();
  expect(component).toHaveBeenCalledTimes(1);

  new rrb.MapZoom({ zoom: 3 }).asComponentBatches();
  expect(component).toHaveBeenCalledTimes(2);
});
