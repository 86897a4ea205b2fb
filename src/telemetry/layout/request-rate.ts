import { Scalars, SeriesLines } from "../../archetypes/index.ts";
import { type Span, SpanKind } from "../model.ts";
import { ERROR_COLOUR, paletteColour } from "./colours.ts";
import type { LogRow } from "./log-rows.ts";
import { hasFailed } from "./span-facts.ts";
import { STATIC, type Times } from "./times.ts";

const SECOND = 1_000_000_000n;

/**
 * `/metrics/http/requests` and `errors`: how many that a server answered ended in each second, at its beginning. Idle time is drawn as 0, also before the first
 * request, since a line of one point is none; with a row at each end of it and none between. What ends late counts for the second that is open.
 */
export class RequestRate {
  readonly #log: LogRow;
  readonly #times: Times;
  readonly #root: string;
  #second: bigint | undefined;
  #written: bigint | undefined;
  #requests = 0;
  #errors = 0;

  constructor(log: LogRow, times: Times, instance?: string) {
    this.#log = log;
    this.#times = times;
    this.#root = `/metrics${instance === undefined ? "" : `/${instance}`}/http`;
  }

  /** A local root span; jobs, and calls outside of requests, are roots too, but no requests. */
  add(root: Span): void {
    if (root.kind !== SpanKind.server) return;
    const second = root.endTime / SECOND;
    if (this.#second === undefined) this.#open(second);
    else if (second > this.#second) {
      this.flush();
      this.#open(second);
    }
    this.#requests++;
    if (hasFailed(root)) this.#errors++;
  }

  /** @param now nanoseconds since the Unix epoch. */
  tick(now: bigint): void {
    // one second of grace for what ends while it is handed over
    if (this.#second === undefined || now / SECOND <= this.#second + 1n) return;
    const idle = this.#second + 1n;
    this.flush();
    this.#write(idle, 0, 0);
  }

  /** Writes the second that is open. */
  flush(): void {
    if (this.#second === undefined) return;
    this.#write(this.#second, this.#requests, this.#errors);
    this.#second = undefined;
    this.#requests = 0;
    this.#errors = 0;
  }

  #open(second: bigint): void {
    const last = this.#written;
    if (last === undefined) {
      this.#style("requests", paletteColour(0));
      this.#style("errors", ERROR_COLOUR);
      this.#write(second - 1n, 0, 0);
    } else {
      if (second > last + 1n) this.#write(last + 1n, 0, 0);
      if (second > last + 2n) this.#write(second - 1n, 0, 0);
    }
    // after an early flush the same second may come again: two rows at one time would hide one another
    this.#second = last !== undefined && second <= last ? last + 1n : second;
  }

  #write(second: bigint, requests: number, errors: number): void {
    const times = this.#times.at(second * SECOND);
    this.#log(`${this.#root}/requests`, times, new Scalars(requests));
    this.#log(`${this.#root}/errors`, times, new Scalars(errors));
    this.#written = second;
  }

  #style(name: string, colors: number): void {
    this.#log(`${this.#root}/${name}`, STATIC, new SeriesLines({ names: `${name} per second`, colors }));
  }
}
