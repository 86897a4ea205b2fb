import type { Note } from "./decoded.ts";

const TRACE_BYTES = 16;
const SPAN_BYTES = 8;

export interface Id {
  /** Lower-case hex of full length; empty: none. An id that is no hex at all is kept as it is. */
  readonly id: string;
  /** As it was written, when more than its case differs. */
  readonly original?: string;
  readonly note?: Note;
}

const NONE: Id = { id: "" };

export function traceId(value: unknown): Id {
  return idOf(value, TRACE_BYTES);
}

export function spanId(value: unknown): Id {
  return idOf(value, SPAN_BYTES);
}

/**
 * An id as bytes (protobuf), hex as OTLP's JSON says, base64 as protobuf's own JSON, Grafana and Tempo write it, or shorter hex with
 * its zeros left out (B3, Jaeger). The two encodings cannot be confused: base64 of 16 or 8 bytes ends in `=`.
 */
function idOf(value: unknown, bytes: number): Id {
  if (value instanceof Uint8Array) return { id: present(Buffer.from(value).toString("hex")) };
  if (typeof value !== "string") return NONE;
  const written = value.trim();
  if (written === "") return NONE;
  const lower = written.toLowerCase();
  if (/^(0x)?[0-9a-f]+$/.test(lower)) {
    const hex = lower.replace(/^0x/, "");
    if (hex.length === bytes * 2) return { id: present(hex) };
    if (hex.length < bytes * 2) return { id: present(hex.padStart(bytes * 2, "0")), original: written };
  }
  if (/^[A-Za-z0-9+/_-]+={1,2}$/.test(written)) {
    const decoded = Buffer.from(written, "base64");
    if (decoded.length === bytes) return { id: present(decoded.toString("hex")), note: "base64 ids" };
  }
  return { id: written, note: "opaque ids" };
}

/** All zeros mean "none". */
function present(hex: string): string {
  return /^0*$/.test(hex) ? "" : hex;
}
