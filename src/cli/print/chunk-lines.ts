import type { RrdChunk } from "../../reader.ts";
import { cut, printable, type Terminal } from "../terminal.ts";

/** A chunk as a line. */
export function chunkLine(
  { recording, entityPath, numRows, timelines, components }: RrdChunk,
  screen: Terminal,
): string {
  const { colours, width } = screen;
  const rows = `${numRows} ${numRows === 1 ? "row" : "rows"}`;
  const times = timelines.length === 0 ? "static" : timelines.map(({ name }) => name).join(" ");
  const columns = components.map(({ component }) => component).join(" ");
  const plain = cut(printable(`${entityPath}  ${rows}  ${times}  ${columns}`), width);
  const store = recording.kind === "blueprint" ? colours.dim(plain) : plain;
  return store.replace(printable(entityPath), (path) => colours.cyan(path));
}

/** What a chunk is, for programs. */
export function chunkJson({ recording, entityPath, numRows, isStatic, id, timelines, components }: RrdChunk) {
  return {
    ...recording,
    entityPath,
    chunkId: id,
    numRows,
    isStatic,
    timelines: timelines.map(({ name, type, times }) => ({ name, type, start: least(times), end: most(times) })),
    components: components.map(({ component, archetype, componentType }) => ({ component, archetype, componentType })),
  };
}

/** Every row of a chunk, with the values that it has. */
export function* rowsOf(chunk: RrdChunk): Generator<Record<string, unknown>> {
  const { recording, entityPath, numRows, rowIds, timelines, components } = chunk;
  for (let row = 0; row < numRows; row++) {
    const values: Record<string, unknown> = {};
    for (const { component, get } of components) {
      const instances = get(row);
      if (instances !== null) values[component] = instances;
    }
    const times = Object.fromEntries(timelines.map(({ name, get }) => [name, get(row)]));
    yield { ...recording, entityPath, rowId: rowIds.subarray(row * 16, row * 16 + 16), times, values };
  }
}

/** A row as a line: its path, its first time, its values. */
export function rowLine(chunk: RrdChunk, row: number, { colours, width }: Terminal): string {
  const { entityPath, timelines, components } = chunk;
  const time = timelines.find(({ name }) => name === "log_time") ?? timelines[0];
  const at = time === undefined ? "static" : timeText(time.type, time.get(row));
  const values = components.flatMap(({ component, get }) => {
    const instances = get(row);
    return instances === null ? [] : [`${component}=${valueText(instances)}`];
  });
  const plain = cut(printable(`${at}  ${entityPath}  ${values.join("  ")}`), width);
  return plain.replace(printable(entityPath), (path) => colours.cyan(path));
}

function timeText(type: string, value: bigint): string {
  if (type === "sequence") return String(value);
  if (type === "duration") return `${(Number(value) / 1e9).toFixed(6)}s`;
  const millis = Number(value / 1_000_000n);
  return Math.abs(millis) <= 8.64e15 ? new Date(millis).toISOString() : String(value);
}

/** Long values are for programs (`--json`). */
const SHOWN = 8;

function valueText(instances: readonly unknown[]): string {
  const shown = instances.slice(0, SHOWN).map((value) => {
    if (typeof value === "string") return value;
    if (ArrayBuffer.isView(value)) {
      const { length } = value as Uint8Array;
      return length > SHOWN ? `${value.constructor.name}(${length})` : `[${Array.from(value as Uint8Array).join(",")}]`;
    }
    return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner));
  });
  const text = shown.join(", ") + (instances.length > SHOWN ? `, … ${instances.length} in all` : "");
  return instances.length === 1 ? text : `[${text}]`;
}

function least(times: BigInt64Array): bigint | undefined {
  return times.reduce<bigint | undefined>((min, time) => (min === undefined || time < min ? time : min), undefined);
}

function most(times: BigInt64Array): bigint | undefined {
  return times.reduce<bigint | undefined>((max, time) => (max === undefined || time > max ? time : max), undefined);
}
