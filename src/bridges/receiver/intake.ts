import { Assembly } from "../assembly.ts";
import type { Destination } from "../destination.ts";
import { type Fields, field, list } from "../json/fields.ts";
import { decodeResource } from "../otlp/decode.ts";
import { Tally, type TelemetryCounts } from "../tally.ts";
import { BEHIND, Refused } from "./refusal.ts";
import type { SignalService } from "./signals.ts";

/** Answer to a request that was taken. */
export interface Accepted {
  /** Items that were left out. */
  readonly rejected: number;
  readonly message: string;
}

/**
 * What both protocols hand over to: telemetry of all clients together, so that a trace over several services becomes one.
 *
 *   request ─▶ spans, logs, points ─▶ trace, when nothing came of it for a while ─▶ destination
 */
export class ReceiverIntake {
  readonly #destination: Destination;
  readonly #assembly: Assembly;
  readonly #tally: Tally;
  readonly #idleMillis: number;
  readonly #timer: ReturnType<typeof setInterval>;
  #failure: unknown;

  /** @param idleMillis a trace is handed on when nothing came of it for so long. */
  constructor(destination: Destination, idleMillis: number) {
    this.#destination = destination;
    this.#assembly = new Assembly(destination, () => performance.now());
    this.#tally = new Tally(this.#assembly);
    this.#idleMillis = idleMillis;
    this.#timer = setInterval(() => this.#tick(), Math.max(10, idleMillis / 4));
    this.#timer.unref();
  }

  get counts(): TelemetryCounts {
    return this.#tally.counts;
  }

  /**
   * What came before a value that cannot be read is taken.
   *
   * @throws Refused when too much waits to be written, RerunError when nothing can be, anything else when a value cannot be read.
   */
  accept({ signal, resources }: SignalService, request: Fields): Accepted {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#destination.isBehind === true) throw new Refused(BEHIND);
    const before = this.#assembly.untimed;
    for (const resource of list(field(request, resources))) decodeResource[signal](resource, this.#tally);
    const rejected = this.#assembly.untimed - before;
    return { rejected, message: rejected === 0 ? "" : "log records and data points need a time" };
  }

  /** Hands on all that waits. */
  close(): void {
    clearInterval(this.#timer);
    this.#assembly.flush();
  }

  #tick(): void {
    try {
      this.#assembly.flushIdle(performance.now() - this.#idleMillis);
      this.#failure = undefined;
    } catch (error) {
      // the trace is lost; clients are told to keep what they have until writing works again
      this.#failure = error;
    }
  }
}
