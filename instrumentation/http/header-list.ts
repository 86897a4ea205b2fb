/** Headers of a message, as often as each was given, under its name in lower case. */
export type HeaderList = ReadonlyMap<string, readonly string[]>;

/**
 * Headers in any of the forms that Node and undici take or give: `[k, v, k, v]` (also of bytes), `[[k, v]]`, `{ k: v }`,
 * `{ k: [name, v] }` as `ClientRequest` keeps them, where a value may be a list, and lines of `k: v`, which undici 5 has.
 */
export function headerList(headers: unknown): HeaderList {
  const list = new Map<string, string[]>();
  const add = (name: unknown, value: unknown): void => {
    const key = text(name).toLowerCase();
    const values = Array.isArray(value) ? value.map(text) : [text(value)];
    list.set(key, [...(list.get(key) ?? []), ...values]);
  };
  if (typeof headers === "string") {
    for (const line of headers.split("\r\n")) {
      const at = line.indexOf(":");
      if (at > 0) add(line.slice(0, at), line.slice(at + 1).trim());
    }
  } else if (Array.isArray(headers)) {
    if (Array.isArray(headers[0])) for (const [name, value] of headers) add(name, value);
    else for (let at = 0; at + 1 < headers.length; at += 2) add(headers[at], headers[at + 1]);
  } else if (typeof headers === "object" && headers !== null) {
    for (const [name, value] of Object.entries(headers)) add(name, isKept(name, value) ? value[1] : value);
  }
  return list;
}

/** `{ k: [name, v] }`: the name as it was given, and its value. */
function isKept(name: string, value: unknown): value is [string, unknown] {
  return Array.isArray(value) && value.length === 2 && String(value[0]).toLowerCase() === name.toLowerCase();
}

function text(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : String(value);
}
