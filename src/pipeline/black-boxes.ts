import { writeSync } from "node:fs";
import type { Server } from "node:net";
import { now as monotonicNow } from "../real-time.ts";
import { type DumpAnswer, openDoor } from "../sinks/black-box-door.ts";
import type { BlackBoxSink } from "../sinks/black-box-sink.ts";
import type { BlackBoxSpec } from "../sinks/sink.ts";
import { StallWatch } from "./stall-watch.ts";

export interface BlackBoxesOptions {
  readonly all: () => Iterable<BlackBoxSink>;
  /** Makes chunks of all rows that wait. */
  readonly flush: () => void;
  /** Grows while the application's thread turns; undefined where that is this one. */
  readonly pulse: (() => number) | undefined;
  readonly onWarning: (message: string) => void;
}

/**
 * When the black boxes of a writer are dumped.
 *
 *   a span with a 5xx ─┐
 *   a stalled thread ──┼─▶ once per `seconds` and reason ─▶ flush ─▶ a file
 *   otel-rerun dump ───┴──────────── each time ────────────▶
 */
export class BlackBoxes {
  readonly #options: BlackBoxesOptions;
  /** When a reason led to a dump, on `performance.now()`. */
  readonly #dumpedAt = new Map<string, number>();
  #noticed: string | undefined;
  #stalls: StallWatch | undefined;
  #door: Server | undefined;

  constructor(options: BlackBoxesOptions) {
    this.#options = options;
  }

  /** There is one more. */
  opened(spec: BlackBoxSpec): void {
    const { pulse, onWarning } = this.#options;
    if (pulse !== undefined && spec.dumpOn.includes(STALL)) {
      this.#stalls ??= new StallWatch(pulse, spec.stallMillis, () => this.#dumpFor(STALL));
    }
    const warn = ({ message }: Error): void => onWarning(`otel-rerun dump does not reach this process: ${message}`);
    try {
      this.#door ??= openDoor(() => this.dump("asked"), warn);
    } catch (error) {
      warn(error as Error);
    }
  }

  /** The last one was closed. */
  closed(): void {
    this.#stalls?.stop();
    this.#stalls = undefined;
    this.#door?.close();
    this.#door = undefined;
  }

  /** Something happened; it is dumped at the next `settle`, when all that belongs to it was read. */
  notice(reason: string): void {
    for (const { spec } of this.#options.all()) if (spec.dumpOn.includes(reason)) this.#noticed = reason;
  }

  settle(): void {
    const reason = this.#noticed;
    this.#noticed = undefined;
    if (reason !== undefined) this.#dumpFor(reason);
  }

  dump(reason: string, isWanted: (spec: BlackBoxSpec) => boolean = () => true): DumpAnswer {
    const files: string[] = [];
    try {
      this.#options.flush();
      for (const box of this.#options.all()) {
        if (!isWanted(box.spec)) continue;
        const file = box.dump(reason);
        files.push(file);
        if (!box.spec.isQuiet) say(`${reason}: the last ${box.spec.seconds} s are in ${file}`);
      }
      return { files };
    } catch (error) {
      const { message } = error as Error;
      this.#options.onWarning(`the black box could not be dumped: ${message}`);
      return { files, error: message };
    }
  }

  #dumpFor(reason: string): void {
    const now = monotonicNow();
    const before = this.#dumpedAt.get(reason) ?? Number.NEGATIVE_INFINITY;
    const isDue = ({ dumpOn, seconds }: BlackBoxSpec): boolean =>
      dumpOn.includes(reason) && now - before >= seconds * 1000;
    if (this.dump(reason, isDue).files.length > 0) this.#dumpedAt.set(reason, now);
  }
}

export const STALL = "eventLoopStall";

/** To the descriptor: a line that had to pass the application's thread would come when that thread goes on. */
function say(line: string): void {
  try {
    writeSync(2, `otel-rerun: ${line}\n`);
  } catch {
    // closed, or a pipe that is full
  }
}
