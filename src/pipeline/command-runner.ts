import { RerunError } from "../errors.ts";
import { activationMessage } from "../rrd/activation.ts";
import type { Patience } from "../sinks/sink.ts";
import type { BlackBoxes } from "./black-boxes.ts";
import type { Clock } from "./clock.ts";
import type { Command, CommandResult, Fate } from "./command.ts";
import type { LazyExpander } from "./lazy-expander.ts";
import { needsSummary, rowsDropped, SUMMARY_PATH, summaryRow } from "./stats-summary.ts";
import type { Store } from "./store.ts";
import type { StoreTable } from "./store-table.ts";
import type { Warnings } from "./warnings.ts";

export interface CommandRunnerOptions {
  readonly stores: StoreTable;
  readonly expander: LazyExpander;
  readonly blackBoxes: BlackBoxes;
  readonly clock: Clock;
  readonly warnings: Warnings;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What recordings ask of the writer besides writing rows; each as far as it goes without waiting (`run-command.ts` waits). */
export class CommandRunner {
  readonly #options: CommandRunnerOptions;

  constructor(options: CommandRunnerOptions) {
    this.#options = options;
  }

  run(command: Command): CommandResult {
    const { stores, blackBoxes } = this.#options;
    switch (command.type) {
      case "set-sinks": {
        const output = stores.recording(command.recording)?.output;
        if (output === undefined) return {};
        stores.flush(output);
        if (command.isAdded === true) output.addSinks(command.sinks);
        else output.setSinks(command.sinks);
        stores.configure(output);
        return {};
      }
      case "remove-sink": {
        const output = stores.recording(command.recording)?.output;
        if (output === undefined) return {};
        stores.flush(output);
        output.removeSink(command.key);
        stores.configure(output);
        return {};
      }
      case "flush": {
        let error: Error | undefined;
        for (const output of stores.outputsOf(command.recording)) {
          stores.flush(output);
          output.flushSync();
          error ??= output.error;
        }
        return error === undefined ? {} : { error };
      }
      case "activate": {
        const store = stores.recording(command.recording);
        store?.flushAll();
        store?.output.send(activationMessage(store.id, command));
        return {};
      }
      case "copy": {
        const store = stores.recording(command.recording);
        for (const chunk of command.chunks) {
          if (store === undefined) stores.drop(command.recording, "closed", chunk.summary.numRows);
          else store.copy(chunk);
        }
        return {};
      }
      case "close": {
        const { recording, timeoutMillis: millis, fate } = command;
        const patience = { millis, isExit: recording === undefined };
        let error: Error | undefined;
        for (const no of recording === undefined ? stores.recordingNumbers : [recording]) {
          const failed = this.#close(no, fate, patience);
          error ??= failed;
        }
        if (recording === undefined) stores.pool.end(patience);
        return error === undefined ? {} : { error };
      }
      case "stats": {
        const stats = stores.statsOf(command.recording);
        return stats === undefined ? {} : { stats };
      }
      case "dropped":
        stores.drop(command.recording, command.reason, command.rows);
        return {};
      case "drain-memory": {
        stores.flushAll();
        const bytes = stores.pool.drainMemory(command.id);
        return bytes === undefined ? {} : { bytes };
      }
      case "dump": {
        const { files, error } = blackBoxes.dump(command.reason);
        return error === undefined ? { files } : { files, error: new RerunError("ERR_RERUN_FILE", error) };
      }
      case "drain-feed": {
        const bytes = stores.pool.drainFeed(command.id);
        return bytes === undefined ? {} : { bytes };
      }
      case "listen":
        return { error: new RerunError("ERR_RERUN_SINK", "a server cannot be started inside a sink; start it later") };
    }
  }

  #close(no: number, fate: Fate | undefined, patience: Patience): Error | undefined {
    const { stores, expander, warnings, environment } = this.#options;
    const store = stores.recording(no);
    if (store === undefined) return undefined;
    if (stores.isAttached(no)) {
      stores.flush(store.output);
      stores.close(no, patience);
      return undefined;
    }
    if (fate === "discard") {
      warnings.guard("the end of telemetry", () => expander.made?.forget(store));
      stores.discard(no);
      return undefined;
    }
    if (store.isExpanded) warnings.guard("the end of telemetry", () => expander.made?.close(store));
    stores.flush(store.output);
    if (fate !== undefined) warnings.guard("writing a recording", () => stores.keep(store, fate.file));
    warnings.guard("the summary of a recording", () => this.#summarize(no, store));
    const error = stores.close(no, patience);
    // what waited for somebody who never came is lost only now
    const counts = store.counters.snapshot([]);
    const { rowsDropped: dropped } = counts;
    const lost = rowsDropped(counts);
    if (lost === 0 || store.output.owner !== no || store.id.kind !== "recording") return error;
    const advice = dropped["no-sink"] === undefined ? "" : adviceOnPlace(environment);
    warnings.add(`${lost} rows of the recording ${store.id.recordingId} are lost: ${JSON.stringify(dropped)}${advice}`);
    return error;
  }

  /** The last row of a recording: a file alone tells what is not in it (I3). */
  #summarize(no: number, store: Store): void {
    const { stores, clock } = this.#options;
    const { output, id } = store;
    if (output.owner !== no || id.kind !== "recording") return;
    output.flushSync(); // what cannot be written is counted now
    const stats = stores.stats(store);
    if (!needsSummary(stats, store.isExpanded)) return;
    const { shape, reader } = summaryRow(stats);
    store.counters.rowsAccepted += 1;
    store.row(SUMMARY_PATH, shape, reader, clock.now());
    store.flushAll();
  }
}

/** `fork` hands `--require` on to a child, `spawn` does not: that one knows whose recording it is, and has no file. */
function adviceOnPlace({ OTEL_RERUN_PARENT: parent }: CommandRunnerOptions["environment"]): string {
  const place = "; say where it goes, as save does, before it ends";
  if (parent === undefined || parent.endsWith(`"pid":${process.pid}}`)) return place;
  return `${place}, or load otel-rerun/register here as in the process that started this one, by NODE_OPTIONS for all that it starts`;
}
