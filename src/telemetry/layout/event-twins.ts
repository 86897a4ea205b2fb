import { setBounded } from "../../set-bounded.ts";
import type { LogRecord, Span, SpanEvent } from "../model.ts";

/** That many wait for their twin (I7). */
const MAX_WAITING = 4096;

/**
 * Events that come both ways, as an event of a span and as a log record: whoever bridges one into the other (OpenTelemetry's specification,
 * "Event to span event bridge") leaves span, name and time as they are. The row of the one that comes first is drawn.
 */
export class EventTwins {
  readonly #waiting = new Map<string, "event" | "log">();

  /** The log record of this event was drawn. */
  hasLog({ spanId }: Span, { name, time }: SpanEvent): boolean {
    return this.#met("event", spanId, name, time);
  }

  /** The event of this log record was drawn. */
  hasEvent({ spanId, eventName, time }: LogRecord): boolean {
    return spanId && eventName ? this.#met("log", spanId, eventName, time) : false;
  }

  #met(kind: "event" | "log", spanId: string, name: string, time: bigint): boolean {
    const key = `${spanId} ${time} ${name}`;
    const waiting = this.#waiting;
    const other = waiting.get(key);
    if (other !== undefined && other !== kind) {
      waiting.delete(key);
      return true;
    }
    setBounded(waiting, key, kind, MAX_WAITING);
    return false;
  }
}
