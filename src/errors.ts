/**
 * The one error class of the package. Errors are told apart by `code`, never by message text, and `instanceof` works across
 * copies of the package (CommonJS beside ESM, Jest realms) because it looks at a brand instead of the prototype.
 */
const BRAND = Symbol.for("otel-rerun/error");

/** The closed list of codes. Each is explained in docs/errors.md. */
export type RerunErrorCode =
  | "ERR_RERUN_APPLICATION_ID"
  | "ERR_RERUN_ARGUMENT"
  | "ERR_RERUN_CLOSED"
  | "ERR_RERUN_DATA"
  | "ERR_RERUN_FILE"
  | "ERR_RERUN_FLUSH_TIMEOUT"
  | "ERR_RERUN_FORMAT"
  | "ERR_RERUN_MISSING_PEER"
  | "ERR_RERUN_NO_RECORDING"
  | "ERR_RERUN_PATH_IN_USE"
  | "ERR_RERUN_SINK"
  | "ERR_RERUN_TIMELINE";

export class RerunError extends Error {
  override readonly name = "RerunError";
  readonly code: RerunErrorCode;

  /** @param message says what is wrong and what to do about it. */
  constructor(code: RerunErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, BRAND, { value: true });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[BRAND] === true;
  }
}
