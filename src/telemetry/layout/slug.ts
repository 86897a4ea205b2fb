/** What a name becomes as a part of an entity path: viewers show other characters escaped. At most 40 characters. */
export function slug(name: string): string {
  const text = name
    .replace(/[^A-Za-z0-9_.]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 40);
  return text === "" ? "_" : text;
}
