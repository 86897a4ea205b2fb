import { xxHash64 } from "../bytes/xxhash.ts";
import { RerunError } from "../errors.ts";

const MAX_BYTES = 180;
const HASH_DIGITS = 4;
const INVALID = /[^A-Za-z0-9_\- [\]:]/gu;

/**
 * An application id that every viewer shows alike: newer ones replace other characters, with a warning (rrd-format §2.3).
 *
 *   "my.app"  ─▶  "my-appc742"     so that "my.app" and "my-app" stay two applications
 *
 * @throws RerunError ERR_RERUN_APPLICATION_ID if it is empty.
 */
export function normalizeApplicationId(applicationId: string): string {
  if (typeof applicationId !== "string" || applicationId === "") {
    throw new RerunError(
      "ERR_RERUN_APPLICATION_ID",
      'a recording needs an application id that is not empty, e.g. the name of the program: "shop"',
    );
  }
  if (applicationId.length <= MAX_BYTES && applicationId.search(INVALID) < 0) return applicationId;
  const kept = [...applicationId].slice(0, MAX_BYTES - HASH_DIGITS).join("");
  const hash = xxHash64(new TextEncoder().encode(applicationId)) & 0xffffn;
  return kept.replace(INVALID, "-") + hash.toString(16).padStart(HASH_DIGITS, "0");
}
