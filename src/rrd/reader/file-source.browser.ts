import { type ByteSource, memorySource } from "./byte-source.ts";
import { fetchBytes } from "./fetch-bytes.ts";

/** In a page a file has an address; it is read whole. @throws RerunError ERR_RERUN_FILE */
export async function fileSource(path: string | URL): Promise<ByteSource> {
  return memorySource(await fetchBytes(path));
}
