import { type Baggage, type Context, propagation } from "@opentelemetry/api";

/** W3C Baggage, "Limits": a header that is longer need not be carried on. */
const MAX_LENGTH = 8192;

/** The value of one entry of a `baggage` header; undefined if it is not there, twice there, or not to be decoded. */
export function baggageEntry(header: string | undefined, key: string): string | undefined {
  if (header === undefined || header.length > MAX_LENGTH) return undefined;
  let found: string | undefined;
  for (const member of header.split(",")) {
    const [pair = ""] = member.split(";", 1);
    const at = pair.indexOf("=");
    if (at < 0 || pair.slice(0, at).trim() !== key) continue;
    if (found !== undefined) return undefined;
    found = pair.slice(at + 1).trim();
  }
  try {
    return found === undefined ? undefined : decodeURIComponent(found);
  } catch {
    return undefined;
  }
}

/**
 * The `baggage` header of a context with one more entry. All of it, since a header is set and not added to: whether upstream's
 * propagator ran before or not, its entries are in it. Undefined when it would be too long.
 */
export function baggageHeader(context: Context, key: string, value: string): string | undefined {
  const baggage: Baggage | undefined = propagation.getBaggage(context);
  const members = (baggage?.getAllEntries() ?? [])
    .filter(([name]) => name !== key)
    .map(([name, entry]) => {
      const metadata = entry.metadata?.toString();
      return `${encodeURIComponent(name)}=${encodeURIComponent(entry.value)}${metadata ? `;${metadata}` : ""}`;
    });
  const header = [...members, `${key}=${encodeURIComponent(value)}`].join(",");
  return header.length > MAX_LENGTH ? undefined : header;
}
