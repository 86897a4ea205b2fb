import { RerunError } from "../../errors.ts";

/** @throws RerunError ERR_RERUN_FILE */
export async function fetchBytes(address: string | URL): Promise<Uint8Array> {
  try {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`the server says ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw new RerunError("ERR_RERUN_FILE", `${address} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
