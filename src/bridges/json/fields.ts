/** Any JSON object or protobuf message: the readers of formats take both. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/** The member of that name in camelCase, else in snake_case (Python's and hand-made files); null is as good as absent. */
export function field(fields: Fields, name: string): unknown {
  return fields[name] ?? fields[snakeCase(name)] ?? undefined;
}

/** Objects of a list; also of an object with one of them, as some writers leave the brackets out. */
export function list(value: unknown): readonly Fields[] {
  if (Array.isArray(value)) return value.filter(isFields);
  return isFields(value) ? [value] : [];
}

export function text(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" || typeof value === "bigint" ? String(value) : "";
}

/** A count or a measured value; text as in JSON's int64, `NaN` and `Infinity` as protobuf's JSON writes them. */
export function number(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const parsed = Number(value);
  return Number.isNaN(parsed) && value !== "NaN" ? undefined : parsed;
}

/** A 64-bit integer without loss; undefined for anything else. */
export function integer(value: unknown): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : undefined;
  if (typeof value === "string") return /^-?\d{1,20}$/.test(value) ? BigInt(value) : undefined;
  return isFields(value) ? halves(value) : undefined;
}

/** `{ low, high }`, as one release of opentelemetry-js wrote (its #4062). */
function halves({ low, high }: Fields): bigint | undefined {
  if (typeof low !== "number" || typeof high !== "number") return undefined;
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}

const snakeCases = new Map<string, string>();

function snakeCase(name: string): string {
  let snake = snakeCases.get(name);
  if (snake === undefined) {
    snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    snakeCases.set(name, snake); // names of fields of formats: few
  }
  return snake;
}
