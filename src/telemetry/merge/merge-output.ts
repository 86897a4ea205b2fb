import { renameSync, rmSync } from "node:fs";
import { RerunError } from "../../errors.ts";
import { BatcherConfig } from "../../pipeline/batcher-config.ts";
import { Clock, systemClock } from "../../pipeline/clock.ts";
import { Counters } from "../../pipeline/counters.ts";
import type { ExpanderHost } from "../../pipeline/expander.ts";
import { StoreExpanderHost } from "../../pipeline/expander-host.ts";
import { Output } from "../../pipeline/output.ts";
import { RowIds } from "../../pipeline/row-ids.ts";
import { Store } from "../../pipeline/store.ts";
import type { LogMessage } from "../../rrd/log-message.ts";
import type { StoreId } from "../../rrd/store-id.ts";
import { openFile } from "../../sinks/file/open-file.ts";
import { SinkPool } from "../../sinks/sink-pool.ts";

/**
 * Writes a recording file whole: it gets its name when it is complete, and an existing one is replaced then.
 *
 * @throws RerunError ERR_RERUN_FILE when it cannot be written.
 */
export async function writeWhole(path: string, write: (output: MergeOutput) => Promise<void>): Promise<void> {
  const partial = `${path}.part`;
  const output = new MergeOutput(partial);
  try {
    await write(output);
    await output.close();
    renameSync(partial, path);
  } catch (error) {
    output.abandon();
    rmSync(partial, { force: true });
    throw error;
  }
}

/**
 * The file that several are merged into: whole messages that are copied, and rows of the layout that go the way of all rows.
 *
 *   message ────────────────────────────────┐
 *   host.log ─▶ BatchProcessor ─▶ chunk ────┴─▶ Output ─▶ file
 */
export class MergeOutput {
  readonly host: ExpanderHost;
  readonly #output: Output;
  readonly #counters = new Counters();
  readonly #clock = new Clock(systemClock);
  #lost: unknown;

  /** @throws RerunError ERR_RERUN_FILE */
  constructor(path: string) {
    const { path: absolute, fd } = openFile(path, { mode: 0o600, mayWait: true }); // I12: what was recorded is the owner's to show
    const pool = new SinkPool(() => {});
    this.#output = new Output({ pool, owner: 0, onLost: () => {} });
    this.#output.setSinks([{ kind: "file", path: absolute, fd, writeFooter: true }]);
    this.host = new StoreExpanderHost({
      now: () => this.#clock.now(),
      openBeside: (id) => this.open(id),
      forget: () => {},
      stats: () => this.#counters.snapshot(this.#output.statuses),
    });
  }

  /** Opens a store for the host's rows; its info goes out at once. */
  open(id: StoreId): Store {
    const rowIds = new RowIds(this.#clock, Math.random);
    const chunkIds = new RowIds(this.#clock, Math.random);
    return new Store({
      id,
      output: this.#output,
      counters: this.#counters,
      config: BatcherConfig.default,
      explicitConfig: undefined,
      telemetry: undefined,
      context: { clock: this.#clock, rowIds },
      nextChunkId: () => {
        const chunkId = new Uint8Array(16);
        chunkIds.put(new DataView(chunkId.buffer), 0, this.#clock.now());
        return chunkId;
      },
      onError: (error) => {
        this.#lost ??= error;
      },
    });
  }

  copy(message: LogMessage): void {
    this.#output.send(message);
  }

  /**
   * Writes the footer. Rejects with the first error of the disk, and when a row could not be written: a merged file that lacks some
   * of what its parts hold must not replace them.
   */
  async close(): Promise<void> {
    if (this.#lost !== undefined) {
      const reason = this.#lost instanceof Error ? this.#lost.message : String(this.#lost);
      const message = `the new recording is not made, a row could not be written: ${reason}; keep the files as they are`;
      throw new RerunError("ERR_RERUN_DATA", message, { cause: this.#lost });
    }
    for (const { error } of await this.#output.flush(Number.POSITIVE_INFINITY)) if (error !== undefined) throw error;
    this.#output.close();
  }

  /** Lets go of the file as it is. */
  abandon(): void {
    this.#output.close();
  }
}
