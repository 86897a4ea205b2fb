import { diag } from "@opentelemetry/api";
import { clearTimeout, setTimeout } from "../../real-time.ts";

/**
 * When a processor flushes the recordings it writes to, by the names and the `OTEL_BSP_…` (logs: `OTEL_BLRP_…`) variables of upstream's
 * batch processors. What is not set is left to the thresholds of the recording itself, which are shorter. A queue to limit there is none:
 * a span is in the recording when `onEnd` returns.
 */
export interface FlushScheduleOptions {
  /** Flush when something has waited this long, in milliseconds (`…_SCHEDULE_DELAY`). */
  readonly scheduledDelayMillis?: number;
  /** Flush when so many have come (`…_MAX_EXPORT_BATCH_SIZE`). */
  readonly maxExportBatchSize?: number;
  /** A flush takes this long at most, in milliseconds (`…_EXPORT_TIMEOUT`). Default 30,000. */
  readonly exportTimeoutMillis?: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * One flush at a time.
 *
 *   taken ─▶ pending ──[ delay · batch ]──▶ flush ── while it runs, what comes is pending ──▶ the next
 *              forceFlush ────────────────▶ after the one that runs: a barrier for all that came before
 */
export class FlushSchedule {
  readonly #delay: number;
  readonly #batch: number;
  readonly #timeout: number;
  readonly #flush: (timeoutMillis: number) => Promise<void>;
  #pending = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;
  /** The one that begins when the running one ends; everybody who asks meanwhile gets it. */
  #next: Promise<void> | undefined;

  constructor(
    options: FlushScheduleOptions,
    variables: "OTEL_BSP" | "OTEL_BLRP" | undefined,
    flush: (timeoutMillis: number) => Promise<void>,
    environment: Environment = process.env,
  ) {
    const read = (given: number | undefined, name: string, fallback: number) =>
      given ?? (variables && numberFrom(environment, `${variables}_${name}`)) ?? fallback;
    this.#delay = read(options.scheduledDelayMillis, "SCHEDULE_DELAY", Number.POSITIVE_INFINITY);
    this.#batch = read(options.maxExportBatchSize, "MAX_EXPORT_BATCH_SIZE", Number.POSITIVE_INFINITY);
    this.#timeout = read(options.exportTimeoutMillis, "EXPORT_TIMEOUT", 30_000);
    this.#flush = flush;
  }

  /** So many items were put into recordings. Never throws, never waits (I1). */
  taken(count: number): void {
    this.#pending += count;
    this.#plan();
  }

  /** A barrier: resolves when all that was taken before is in the sinks, also what a flush that runs by now is about. */
  flush(): Promise<void> {
    if (this.#running === undefined) return this.#run();
    this.#next ??= this.#running
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        return this.#run();
      });
    return this.#next;
  }

  #plan(): void {
    if (this.#running !== undefined || this.#pending === 0) return;
    if (this.#pending >= this.#batch) this.#runUnasked();
    else if (this.#timer === undefined && this.#delay < 2 ** 31) {
      this.#timer = setTimeout(() => this.#runUnasked(), this.#delay).unref();
    }
  }

  #runUnasked(): void {
    if (this.#running !== undefined) return;
    this.#run().catch((error) => diag.error("otel-rerun: a recording could not be flushed", error));
  }

  #run(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pending = 0;
    const running = this.#flush(this.#timeout).finally(() => {
      this.#running = undefined;
      if (this.#next === undefined) this.#plan();
    });
    this.#running = running;
    return running;
  }
}

function numberFrom(environment: Environment, name: string): number | undefined {
  const text = environment[name]?.trim();
  if (!text) return undefined;
  const value = Number(text);
  if (value >= 0) return value;
  diag.warn(`otel-rerun: ${name}="${text}" is not a number from 0 on and is left out`);
  return undefined;
}
