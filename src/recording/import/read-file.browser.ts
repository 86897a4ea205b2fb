import { fetchBytes } from "../../rrd/reader/fetch-bytes.ts";

/** What is used of a page; a worker of its has only the location. */
interface Page {
  readonly document?: { readonly baseURI: string };
  readonly location: { readonly href: string };
}

/** In a page a file has an address, relative to that of the page. */
export function pathOf(path: string | URL): string {
  const { document, location } = globalThis as unknown as Page;
  return decodeURIComponent(new URL(path, document?.baseURI ?? location.href).pathname);
}

export const readFile: (path: string | URL) => Promise<Uint8Array> = fetchBytes;
