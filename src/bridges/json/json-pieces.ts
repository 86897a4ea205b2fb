import type { Position } from "../problem.ts";

/** What the splitter finds. */
export interface PieceHandler {
  /** A JSON value that is small enough to be parsed at once. */
  piece(text: string, position: Position): void;
  /** Something that is no JSON, and was left out. */
  bad(reason: string, position: Position): void;
  /** A value of more than the limit was left out. */
  tooLarge(position: Position): void;
  /** The input ends in the middle of a value. */
  cut(position: Position): void;
}

/** Lists of these names are taken apart; their elements come whole. */
const LISTS = new Set(
  "resourceSpans resource_spans resourceLogs resource_logs resourceMetrics resource_metrics batches".split(" "),
);
/** Envelopes: lists or objects whose parts are looked at again. */
const ENVELOPES = new Set(["data", "result", "trace", "traces"]);
const MAX_ENVELOPES = 6;

/** Some editors of Windows begin files with it. */
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LINE_FEED = 0x0a;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

type Expected = "value" | "value or end" | "key" | "key or end" | "colon" | "comma or end";

/** A list or object whose parts are looked at one by one. */
interface Envelope {
  readonly isList: boolean;
  /** Its elements come whole. */
  readonly isLeaf: boolean;
  readonly start: Position;
  expects: Expected;
  key: string;
  /** Members that are no envelopes themselves: together they are a piece, unless parts of the object were pieces already. */
  readonly members: string[];
  memberBytes: number;
  hasParts: boolean;
}

/**
 * Cuts a stream of JSON into values of moderate size, whatever the layout: one document of any form, one a line, or a list of
 * them. What is kept is one element of a list (I7); how the value is divided is decided by the names of the outermost members.
 *
 *   {"resourceSpans":[ {…} , {…} ]}⏎{"resourceLogs":[ {…} ]}         [ {…} , {…} ]        {"data":[ {…} ],"total":1}
 *                      ───   ───                      ───             ───   ───                    ───
 *
 * A line of a file with a document a line may be damaged: it is told, and the next line is read. Without recursion.
 */
export class JsonPieces {
  readonly #handler: PieceHandler;
  readonly #maxBytes: number;
  readonly #stack: Envelope[] = [];

  /** A document was complete on its line, so lines are documents. */
  #isLines = false;
  #documents = 0;
  #documentLine = 0;
  /** Bytes before the current chunk. */
  #base = 0;
  #line = 1;
  #lineStart = 0;
  /** The rest of the line belongs to something that was told as bad. */
  #skipsLine = false;

  // the value that is being read, or the text of a key
  #raw: "none" | "value" | "key" = "none";
  #rawStart: Position = { offset: 0 };
  #parts: Buffer[] = [];
  #partBytes = 0;
  #isTooLarge = false;
  #depth = 0;
  #isString = false;
  #isEscaped = false;
  #isScalar = false;
  /** The last byte that is no white space of the value, up to the last line feed. */
  #before = 0;

  /** @param maxBytes of one piece; larger ones are told as bad. */
  constructor(handler: PieceHandler, maxBytes: number) {
    this.#handler = handler;
    this.#maxBytes = maxBytes;
  }

  /** Documents that were read to their end. */
  get documents(): number {
    return this.#documents;
  }

  /** The input has a document a line. */
  get isLines(): boolean {
    return this.#isLines;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#skipsLine) at = this.#skipLine(chunk, at);
      else if (this.#raw !== "none") at = this.#readRaw(chunk, at);
      else at = this.#step(chunk, at);
    }
    this.#base += chunk.length;
  }

  end(): void {
    if (this.#raw !== "none" && this.#isScalar && !this.#isString) this.#endRaw(Buffer.alloc(0), 0, 0);
    if (this.#stack.length > 0 || this.#raw !== "none") this.#handler.cut(this.#position(0));
    else if (this.#documents > 0 && this.#line > 1 && this.#documentLine === this.#line) this.#isLines = true;
  }

  /** One byte between values. */
  #step(chunk: Buffer, at: number): number {
    const byte = chunk[at] as number;
    if (byte === LINE_FEED) return this.#lineFeed(at);
    if (byte === 0x20 || byte === 0x09 || byte === 0x0d) return at + 1;
    const envelope = this.#stack.at(-1);
    if (envelope === undefined)
      return byte === BYTE_ORDER_MARK[this.#base + at] ? at + 1 : this.#beginDocument(byte, at);
    switch (envelope.expects) {
      case "colon":
        if (byte !== COLON) return this.#unexpected(byte, at);
        envelope.expects = "value";
        return at + 1;
      case "comma or end":
        if (byte === COMMA) {
          envelope.expects = envelope.isList ? "value" : "key";
          return at + 1;
        }
        return byte === (envelope.isList ? CLOSE_LIST : CLOSE_OBJECT)
          ? this.#close(envelope, at)
          : this.#unexpected(byte, at);
      case "key or end":
      case "key":
        if (byte === CLOSE_OBJECT && envelope.expects === "key or end") return this.#close(envelope, at);
        if (byte !== QUOTE) return this.#unexpected(byte, at);
        this.#beginRaw("key", at);
        return at;
      default:
        if (byte === CLOSE_LIST && envelope.expects === "value or end") return this.#close(envelope, at);
        return this.#beginValue(envelope, byte, at);
    }
  }

  #beginDocument(byte: number, at: number): number {
    this.#documentLine = this.#line;
    if (byte === OPEN_OBJECT || byte === OPEN_LIST) return this.#open(byte === OPEN_LIST, false, at);
    this.#bad("this is no JSON object or list", this.#position(at));
    return at;
  }

  #beginValue(envelope: Envelope, byte: number, at: number): number {
    const isName = !envelope.isList && this.#stack.length < MAX_ENVELOPES;
    const { key } = envelope;
    if (byte === OPEN_LIST && isName && (LISTS.has(key) || ENVELOPES.has(key))) {
      envelope.hasParts = true;
      return this.#open(true, LISTS.has(key), at);
    }
    const isEnvelope = envelope.isList ? !envelope.isLeaf : ENVELOPES.has(key);
    if (
      isEnvelope &&
      this.#stack.length < MAX_ENVELOPES &&
      (byte === OPEN_OBJECT || (byte === OPEN_LIST && envelope.isList))
    ) {
      envelope.hasParts = true;
      return this.#open(byte === OPEN_LIST, false, at);
    }
    if (byte === COMMA || byte === COLON || byte === CLOSE_OBJECT || byte === CLOSE_LIST)
      return this.#unexpected(byte, at);
    this.#beginRaw("value", at);
    return at;
  }

  #open(isList: boolean, isLeaf: boolean, at: number): number {
    this.#stack.push({
      isList,
      isLeaf,
      start: this.#position(at),
      expects: isList ? "value or end" : "key or end",
      key: "",
      members: [],
      memberBytes: 0,
      hasParts: false,
    });
    return at + 1;
  }

  #close(envelope: Envelope, at: number): number {
    this.#stack.pop();
    const { members, memberBytes, hasParts, start } = envelope;
    if (memberBytes > this.#maxBytes) this.#handler.tooLarge(start);
    else if (members.length > 0 && !hasParts) this.#handler.piece(`{${members.join(",")}}`, start);
    this.#afterValue();
    return at + 1;
  }

  /** A value is complete. */
  #afterValue(): void {
    const parent = this.#stack.at(-1);
    if (parent !== undefined) parent.expects = "comma or end";
    else this.#documents++;
  }

  #beginRaw(kind: "value" | "key", at: number): void {
    this.#raw = kind;
    this.#rawStart = this.#position(at);
    this.#depth = 0;
    this.#isString = false;
    this.#isEscaped = false;
    this.#isScalar = true;
    this.#isTooLarge = false;
    this.#before = 0;
  }

  /** Bytes of a value, up to its end or that of the chunk: depth and strings are all that counts. */
  #readRaw(chunk: Buffer, start: number): number {
    let at = start;
    for (; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (this.#isString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === BACKSLASH) this.#isEscaped = true;
        else if (byte === QUOTE) {
          this.#isString = false;
          if (this.#depth === 0) return this.#endRaw(chunk, start, at + 1);
        } else if (byte === LINE_FEED) return this.#broken("a text is not closed on its line", at);
        continue;
      }
      switch (byte) {
        case QUOTE:
          this.#isString = true;
          break;
        case OPEN_OBJECT:
        case OPEN_LIST:
          // what begins a line without a comma before it is the next document: the last one was cut
          if (this.#before !== 0 && this.#isLineStart(at)) return this.#cut(at);
          this.#depth++;
          this.#isScalar = false;
          break;
        case CLOSE_OBJECT:
        case CLOSE_LIST:
          if (this.#depth === 0) return this.#endRaw(chunk, start, at);
          if (--this.#depth === 0) return this.#endRaw(chunk, start, at + 1);
          break;
        case LINE_FEED:
          if (this.#isLines) return this.#broken("the line ends in the middle of a value", at);
          if (this.#depth === 0) return this.#endRaw(chunk, start, at);
          this.#before = this.#lastByte(chunk, at);
          this.#line++;
          this.#lineStart = this.#base + at + 1;
          break;
        case COMMA:
          if (this.#depth === 0) return this.#endRaw(chunk, start, at);
      }
    }
    this.#keep(chunk, start, at);
    return at;
  }

  #endRaw(chunk: Buffer, start: number, end: number): number {
    const kind = this.#raw;
    const isWhole = this.#partBytes === 0 && end - start <= this.#maxBytes;
    if (!isWhole) this.#keep(chunk, start, end);
    const text = isWhole ? chunk.toString("utf8", start, end) : Buffer.concat(this.#parts).toString("utf8");
    const isTooLarge = this.#isTooLarge;
    this.#clearRaw();
    const envelope = this.#stack.at(-1) as Envelope;
    if (kind === "key") {
      envelope.key = text.slice(1, -1);
      envelope.expects = "colon";
      return end;
    }
    this.#afterValue();
    if (isTooLarge) this.#handler.tooLarge(this.#rawStart);
    else if (envelope.isList) this.#handler.piece(text, this.#rawStart);
    else {
      envelope.memberBytes += text.length;
      if (envelope.memberBytes <= this.#maxBytes) envelope.members.push(`"${envelope.key}":${text}`);
      else envelope.members.length = 0;
    }
    if (envelope.isList) envelope.hasParts = true;
    return end;
  }

  #keep(chunk: Buffer, start: number, end: number): void {
    if (end <= start) return;
    this.#partBytes += end - start;
    if (this.#partBytes > this.#maxBytes) {
      this.#isTooLarge = true;
      this.#parts = [];
    } else if (!this.#isTooLarge) this.#parts.push(Buffer.from(chunk.subarray(start, end)));
  }

  #clearRaw(): void {
    this.#raw = "none";
    this.#parts = [];
    this.#partBytes = 0;
  }

  #lineFeed(at: number): number {
    if (this.#stack.length === 0) {
      if (this.#documents > 0 && this.#documentLine === this.#line) this.#isLines = true;
    } else if (this.#isLines) return this.#broken("the line ends in the middle of a value", at);
    this.#line++;
    this.#lineStart = this.#base + at + 1;
    return at + 1;
  }

  #unexpected(byte: number, at: number): number {
    if ((byte === OPEN_OBJECT || byte === OPEN_LIST) && this.#isLineStart(at)) return this.#cut(at);
    const { expects = "value" } = this.#stack.at(-1) ?? {};
    this.#bad(`expected ${EXPECTATIONS[expects]}, but found ${shown(byte)}`, this.#position(at));
    return at;
  }

  /** A new document begins where the old one should go on. */
  #cut(at: number): number {
    this.#bad("a value is cut off", this.#position(at));
    this.#skipsLine = false;
    return at;
  }

  /** The line feed at `at` ends what should not end there. */
  #broken(reason: string, at: number): number {
    this.#bad(reason, this.#position(at));
    return at;
  }

  #bad(reason: string, position: Position): void {
    this.#stack.length = 0;
    this.#clearRaw();
    this.#skipsLine = true;
    this.#handler.bad(reason, position);
  }

  #skipLine(chunk: Buffer, start: number): number {
    const end = chunk.indexOf(LINE_FEED, start);
    if (end < 0) return chunk.length;
    this.#skipsLine = false;
    this.#line++;
    this.#lineStart = this.#base + end + 1;
    return end + 1;
  }

  #isLineStart(at: number): boolean {
    return this.#line > this.#documentLine && this.#base + at === this.#lineStart;
  }

  /** The last byte before a line feed that may not stand before a value, 0 if it may: `,`, `:` and brackets may. */
  #lastByte(chunk: Buffer, lineFeed: number): number {
    let at = lineFeed - 1;
    while (at >= 0 && (chunk[at] === 0x0d || chunk[at] === 0x20 || chunk[at] === 0x09)) at--;
    const byte = at >= 0 ? (chunk[at] as number) : (this.#parts.at(-1)?.at(-1) ?? COMMA);
    return byte === COMMA || byte === COLON || byte === OPEN_LIST || byte === OPEN_OBJECT || byte === LINE_FEED
      ? 0
      : byte;
  }

  #position(at: number): Position {
    const offset = this.#base + at;
    return { offset, line: this.#line, column: offset - this.#lineStart + 1 };
  }
}

const EXPECTATIONS: Readonly<Record<Expected, string>> = {
  value: "a value",
  "value or end": "a value or ]",
  key: "a name in quotes",
  "key or end": "a name in quotes or }",
  colon: "a colon",
  "comma or end": "a comma or the end of the list or object",
};

function shown(byte: number): string {
  return byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `byte 0x${byte.toString(16)}`;
}
