import { RerunError } from "../../errors.ts";
import type { Decoded } from "../decoded.ts";
import { foreignFormat } from "../foreign.ts";
import type { FormatReader, ReaderContext } from "../format-reader.ts";
import { type Position, placeOf } from "../problem.ts";
import { decodeValue } from "./decode-value.ts";
import { parseExactly } from "./exact-numbers.ts";
import { isFields } from "./fields.ts";
import { JsonPieces, type PieceHandler } from "./json-pieces.ts";

const MAX_EARLY = 100;
const ACCEPTED = "OTLP, Jaeger and Zipkin v2 are read";

/** JSON of all formats, mixed in any order. */
export class JsonInput implements FormatReader, PieceHandler {
  readonly #context: ReaderContext;
  readonly #decoded: Decoded;
  readonly #pieces: JsonPieces;
  /** The first place that is not JSON. */
  #malformed: { readonly reason: string; readonly position: Position } | undefined;
  /** Told when telemetry was found: what has none is not a file with bad lines. */
  #hasTelemetry = false;
  #early: { readonly reason: string; readonly position: Position }[] = [];

  constructor(decoded: Decoded, context: ReaderContext) {
    this.#decoded = decoded;
    this.#context = context;
    this.#pieces = new JsonPieces(this, context.maxPieceBytes);
  }

  push(chunk: Buffer): void {
    this.#pieces.push(chunk);
  }

  /** @throws RerunError ERR_RERUN_FORMAT when the input is one document and not JSON. */
  end(): void {
    this.#pieces.end();
    const malformed = this.#malformed;
    if (malformed === undefined) return;
    if (this.#hasTelemetry && (this.#pieces.isLines || this.#pieces.documents > 1)) {
      this.#tellEarly();
      return;
    }
    throw new RerunError("ERR_RERUN_FORMAT", `${placeOf(malformed.position)}: ${malformed.reason}; this is not JSON`);
  }

  piece(text: string, position: Position): void {
    let value: unknown;
    try {
      value = parseExactly(text);
    } catch (error) {
      this.#tellMalformed(reasonOf(error), inside(text, position, error));
      return;
    }
    if (isFields(value)) {
      const foreign = foreignFormat(value);
      if (foreign !== undefined) throw new RerunError("ERR_RERUN_FORMAT", foreign);
    }
    try {
      if (!this.#decode(value)) this.#context.problem(`this is JSON, but not telemetry; ${ACCEPTED}`, position);
    } catch (error) {
      if (error instanceof RerunError) throw error;
      this.#context.problem(`a value cannot be read: ${(error as Error).message}`, position);
    }
  }

  #decode(value: unknown): boolean {
    const isTelemetry = decodeValue(value, this.#decoded);
    if (isTelemetry) this.#hasTelemetry = true;
    return isTelemetry;
  }

  bad(reason: string, position: Position): void {
    this.#tellMalformed(reason, position);
  }

  tooLarge(position: Position): void {
    this.#context.problem(`a value is larger than ${this.#context.maxPieceBytes} bytes`, position);
  }

  cut(position: Position): void {
    this.#context.problem("the input ends in the middle of a value", position);
  }

  #tellMalformed(reason: string, position: Position): void {
    this.#malformed ??= { reason, position };
    if (!this.#hasTelemetry && this.#early.length < MAX_EARLY) this.#early.push({ reason, position });
    else {
      this.#tellEarly();
      this.#context.problem(reason, position);
    }
  }

  #tellEarly(): void {
    for (const { reason, position } of this.#early.splice(0)) this.#context.problem(reason, position);
  }
}

/** V8 says `Unexpected token … in JSON at position 17 (line …)`; the place is told apart. */
function reasonOf(error: unknown): string {
  return (error as Error).message.replace(/(,)? (in JSON )?at position \d+.*$/s, "").replace(/, "[\s\S]*$/, "");
}

/** The place of the fault, as far as the message tells it. */
function inside(text: string, position: Position, error: unknown): Position {
  const at = Number(/position (\d+)/.exec((error as Error).message)?.[1] ?? 0);
  const before = text.slice(0, at);
  const lines = before.split("\n");
  const { line = 1, column = 1 } = position;
  return {
    offset: position.offset + Buffer.byteLength(before),
    line: line + lines.length - 1,
    column: lines.length === 1 ? column + at : (lines.at(-1) as string).length + 1,
  };
}
