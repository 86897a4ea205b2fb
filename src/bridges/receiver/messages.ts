import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { parseExactly } from "../json/exact-numbers.ts";
import { type Fields, isFields } from "../json/fields.ts";
import type { Accepted } from "./intake.ts";
import { hasTooManyMessages, hasTooManyValues, MAX_PARTS } from "./parts.ts";
import { Refused, tooManyParts, unreadable } from "./refusal.ts";
import type { SignalService } from "./signals.ts";

export type Form = "protobuf" | "json";

/** A request, read. @throws Refused when it would take too much memory, anything else when it cannot be read. */
export function messageOf({ request }: SignalService, form: Form, bytes: Buffer): Fields {
  if (form === "protobuf" ? hasTooManyMessages(request, bytes) : hasTooManyValues(bytes)) {
    throw new Refused(tooManyParts(MAX_PARTS));
  }
  // unknown fields would be kept, an object for each two bytes
  if (form === "protobuf") return fromBinary(request, bytes, { readUnknownFields: false }) as unknown as Fields;
  const value = parseExactly(bytes.toString("utf8") || "{}");
  if (!isFields(value)) throw new Refused(unreadable("it is no JSON object"));
  return value as Fields;
}

/** Empty for a full success, as the protocol says. */
export function answerOf({ response, rejected: count }: SignalService, form: Form, accepted: Accepted): Buffer {
  const { rejected, message: errorMessage } = accepted;
  const partial = (number: unknown) => ({ partialSuccess: { [count]: number, errorMessage } });
  if (form === "json") return Buffer.from(JSON.stringify(rejected === 0 ? {} : partial(String(rejected))));
  const message = create(response, (rejected === 0 ? {} : partial(BigInt(rejected))) as object);
  return Buffer.from(toBinary(response, message));
}
