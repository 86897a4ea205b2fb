import type { LogBlueprintRow } from "../../../src/blueprint/blueprint-row.ts";
import type { ComponentSpec } from "../../../src/rrd/component-batch.ts";

/** One logged row, in the form of the golden files: field names as on the wire, every component as a list of instances. */
export interface LoggedRow {
  readonly entityPath: string;
  readonly isStatic: boolean;
  readonly archetype: string;
  readonly fields: Record<string, unknown[]>;
  readonly specs: readonly ComponentSpec[];
}

export function rowsOf(blueprint: { log(log: LogBlueprintRow): void }): LoggedRow[] {
  const rows: LoggedRow[] = [];
  blueprint.log((entityPath, components, times) => {
    const batches = components.asComponentBatches();
    const fields: Record<string, unknown[]> = {};
    let archetype = "";
    for (const { spec, values } of batches) {
      const [short, field] = spec.descriptor.component.split(":");
      archetype = short ?? "";
      fields[field ?? ""] = instances(spec.accept ? spec.accept(values) : values);
    }
    const specs = batches.map(({ spec }) => spec);
    rows.push({ entityPath, isStatic: times.length === 0, archetype, fields, specs });
  });
  return rows;
}

function instances(value: unknown): unknown[] {
  if (value instanceof Uint8Array) return [[...value]];
  return (Array.isArray(value) ? value : [value]).map(onTheWire);
}

/** Names of struct fields as in the datatype, 64-bit integers as text, as golden.json has them. */
function onTheWire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(onTheWire);
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array);
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      // variants of unions start with a capital and stay as they are
      /^[A-Z]/.test(name) ? name : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      onTheWire(field),
    ]),
  );
}
