import type { Attributes, LogRecord, Scope, Span, SpanEvent, SpanKind, SpanLink, SpanStatus } from "./model.ts";
import { SpanKind as Kind } from "./model.ts";

/** A chunk as our reader gives it, as far as it is needed here. */
export interface RowChunk {
  readonly entityPath: string;
  readonly numRows: number;
  readonly timelines: readonly { readonly name: string; get(row: number): bigint }[];
  readonly components: readonly { readonly name: string; get(row: number): unknown }[];
}

/**
 * Spans back from the rows of `/spans`, which hold every span whole: the table is the record, waterfalls are views of it.
 * Rows that name no span are left out; fields that cannot be read are empty (I8).
 */
export function* spansOf(chunk: RowChunk): Generator<Span> {
  const table = new Rows(chunk);
  for (let row = 0; row < chunk.numRows; row++) {
    const traceId = table.text(row, "trace_id");
    const spanId = table.text(row, "span_id");
    if (traceId === "" || spanId === "") continue;
    const startTime = table.time(row);
    const parentSpanId = table.text(row, "parent_span_id");
    yield {
      traceId,
      spanId,
      ...(parentSpanId === "" ? {} : { parentSpanId }),
      name: table.text(row, "name"),
      kind: kindOf(table.text(row, "kind")),
      startTime,
      endTime: endOf(table, row, startTime),
      resource: { attributes: { "service.name": table.text(row, "service") } },
      scope: scopeOf(table.text(row, "scope")),
      status: statusOf(table.text(row, "status"), table.text(row, "status_message")),
      ...(table.text(row, "status") === "UNFINISHED" ? { isUnfinished: true as const } : {}),
      attributes: attributesOf(table.json(row, "attributes")),
      events: listOf(table.json(row, "events")).map(eventOf),
      links: listOf(table.json(row, "links")).map(linkOf),
    };
  }
}

/** Log records back from the rows of one service's `/logs/<service>`; those that belong to no trace are left out. */
export function* logsOf(chunk: RowChunk, service: string): Generator<LogRecord> {
  const table = new Rows(chunk);
  for (let row = 0; row < chunk.numRows; row++) {
    const traceId = table.text(row, "Log:trace_id");
    if (traceId === "") continue;
    const level = table.text(row, "TextLog:level");
    const eventName = table.text(row, "Log:event_name");
    const severityNumber = SEVERITY[level];
    yield {
      time: table.time(row),
      severityText: level,
      ...(severityNumber === undefined ? {} : { severityNumber }),
      body: table.text(row, "TextLog:text"),
      ...(eventName === "" ? {} : { eventName }),
      traceId,
      spanId: table.text(row, "Log:span_id"),
      attributes: attributesOf(table.json(row, "Log:attributes")),
      scope: scopeOf(table.text(row, "Log:scope")),
      resource: { attributes: { "service.name": service } },
    };
  }
}

/** Columns of a chunk by name, with one value a row. */
class Rows {
  readonly #columns: Map<string, RowChunk["components"][number]>;
  readonly #time: RowChunk["timelines"][number] | undefined;

  constructor(chunk: RowChunk) {
    this.#columns = new Map(chunk.components.map((column) => [column.name, column]));
    this.#time = chunk.timelines.find(({ name }) => name === "log_time");
  }

  value(row: number, name: string): unknown {
    const cell = this.#columns.get(name)?.get(row);
    return Array.isArray(cell) ? cell[0] : cell;
  }

  text(row: number, name: string): string {
    const value = this.value(row, name);
    return value === undefined || value === null ? "" : String(value);
  }

  json(row: number, name: string): unknown {
    const text = this.text(row, name);
    if (text === "") return undefined;
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  }

  /** Nanoseconds since the Unix epoch. */
  time(row: number): bigint {
    return this.#time?.get(row) ?? 0n;
  }
}

const STATUS_CODES: Readonly<Record<string, SpanStatus["code"]>> = { OK: 1, ERROR: 2 };
const SEVERITY: Readonly<Record<string, number>> = { TRACE: 1, DEBUG: 5, INFO: 9, WARN: 13, ERROR: 17, CRITICAL: 21 };

function endOf(table: Rows, row: number, start: bigint): bigint {
  const exact = table.value(row, "end_time");
  if (typeof exact === "bigint") return exact;
  return start + BigInt(Math.round(Number(table.value(row, "duration_ms") ?? 0) * 1e6));
}

function kindOf(text: string): SpanKind {
  return Kind[text.toLowerCase() as keyof typeof Kind] ?? Kind.internal;
}

function statusOf(text: string, message: string): SpanStatus {
  return { code: STATUS_CODES[text] ?? 0, ...(message === "" ? {} : { message }) };
}

/** `name` or `name@version`; names of npm packages may begin with an @ themselves. */
function scopeOf(text: string): Scope {
  const at = text.lastIndexOf("@");
  return at > 0 ? { name: text.slice(0, at), version: text.slice(at + 1) } : { name: text };
}

function listOf(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "object" && item !== null) : [];
}

function attributesOf(value: unknown): Attributes {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Attributes) : {};
}

function eventOf({ name, time, attributes }: Record<string, unknown>): SpanEvent {
  return { name: String(name ?? ""), time: nanosOf(time), attributes: attributesOf(attributes) };
}

function linkOf({ traceId, spanId, attributes }: Record<string, unknown>): SpanLink {
  return { traceId: String(traceId ?? ""), spanId: String(spanId ?? ""), attributes: attributesOf(attributes) };
}

/** JSON has no 64-bit integers: they are text. */
function nanosOf(value: unknown): bigint {
  try {
    return BigInt(value as string | number);
  } catch {
    return 0n;
  }
}
