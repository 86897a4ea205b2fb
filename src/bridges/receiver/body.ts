import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { RerunError } from "../../errors.ts";
import type { Budget } from "./budget.ts";
import { BEHIND, type Refusal, tooLarge, unreadable, unwritable } from "./refusal.ts";

const unpack = promisify(gunzip);

export interface BodyLimits {
  /** As it comes. */
  readonly packed: number;
  readonly unpacked: number;
}

/**
 * The body of a request, unpacked: nothing of it is kept beyond the limits, before unpacking and after (I11).
 *
 * @param use what is done with it; the budget is held until then.
 */
export async function withBody<T>(
  request: IncomingMessage,
  budget: Budget,
  limits: BodyLimits,
  use: (body: Buffer) => T,
): Promise<T | { readonly refusal: Refusal }> {
  if (Number(request.headers["content-length"] ?? 0) > limits.packed) return { refusal: tooLarge(limits.packed) };
  let taken = 0;
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) {
      if (taken + chunk.length > limits.packed) return { refusal: tooLarge(limits.packed) };
      if (!budget.take(chunk.length)) return { refusal: BEHIND };
      taken += chunk.length;
      chunks.push(chunk);
    }
    const body = Buffer.concat(chunks);
    const encoding = request.headers["content-encoding"] ?? "identity";
    if (encoding === "identity") return use(body);
    if (encoding !== "gzip") return { refusal: unreadable(`content-encoding ${encoding}; gzip is read`) };
    return use(await unpack(body, { maxOutputLength: limits.unpacked }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") return { refusal: tooLarge(limits.unpacked) };
    const reason = (error as Error).message;
    return { refusal: error instanceof RerunError ? unwritable(reason) : unreadable(reason) };
  } finally {
    budget.give(taken);
  }
}
