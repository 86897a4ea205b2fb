import { RerunError } from "../../errors.ts";

/**
 * An expression that cannot be understood: what is wrong, and a mark below the place.
 *
 * @param at offset of the fault; the message counts columns from 1.
 */
export function queryError(text: string, at: number, what: string): RerunError {
  // control characters would move the mark
  const shown = text.replace(/[\s\p{Cc}]/gu, " ");
  return new RerunError(
    "ERR_RERUN_ARGUMENT",
    `the expression is wrong at column ${at + 1}: ${what}\n  ${shown}\n  ${" ".repeat(at)}^`,
  );
}
