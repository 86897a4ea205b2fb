/** An enum by its number, its name or its short name (`3`, `"SPAN_KIND_CLIENT"`, `"client"`); undefined for others. */
export function enumNumber(
  value: unknown,
  prefix: string,
  names: Readonly<Record<string, number>>,
): number | undefined {
  if (typeof value === "number") return Number.isInteger(value) && value >= 0 ? value : undefined;
  if (typeof value !== "string") return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  const name = value.toUpperCase();
  const short = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  return Object.hasOwn(names, short) ? names[short] : undefined;
}
