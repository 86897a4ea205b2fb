import type { Chunk } from "../rrd/chunk.ts";
import { encodeChunk } from "../rrd/chunk-encoder.ts";
import type { ArrowMessage, LogMessage } from "../rrd/log-message.ts";
import { retargetChunk } from "../rrd/retarget-chunk.ts";
import type { StoreId } from "../rrd/store-id.ts";
import { storeInfoMessage } from "../rrd/store-info.ts";
import type { RowContext } from "./accumulator.ts";
import { BatchProcessor } from "./batch-processor.ts";
import type { BatcherConfig } from "./batcher-config.ts";
import type { Counters } from "./counters.ts";
import type { StoreHandle } from "./expander.ts";
import type { Output } from "./output.ts";
import type { FlushReason } from "./transport.ts";

export interface StoreOptions {
  readonly id: StoreId;
  readonly output: Output;
  /** Shared with the recording that a store is opened beside. */
  readonly counters: Counters;
  readonly config: BatcherConfig;
  readonly explicitConfig: Partial<BatcherConfig> | undefined;
  /** Options of the layout; the expander reads them. */
  readonly telemetry: unknown;
  readonly context: RowContext;
  readonly nextChunkId: () => Uint8Array;
  /** Told of rows that are lost, which are counted. */
  readonly onError: (error: unknown) => void;
}

/**
 * A recording or blueprint that the writer has open. Its first message is its store info, which waits for the second: viewers
 * choose a layout as soon as they hear of a recording, so a default blueprint that is opened beside it has to come before.
 */
export class Store implements StoreHandle {
  readonly id: StoreId;
  readonly output: Output;
  readonly counters: Counters;
  readonly explicitConfig: Partial<BatcherConfig> | undefined;
  readonly processor: BatchProcessor;
  /** Entity paths by the numbers of the caller's side. */
  readonly paths = new Map<number, string>();
  /** The expander was told of this store. */
  isExpanded = false;
  isAnnounced = false;
  readonly telemetry: unknown;
  readonly #onError: (error: unknown) => void;

  constructor(options: StoreOptions) {
    this.id = options.id;
    this.output = options.output;
    this.counters = options.counters;
    this.explicitConfig = options.explicitConfig;
    this.telemetry = options.telemetry;
    this.#onError = options.onError;
    this.processor = new BatchProcessor({
      config: options.config,
      context: options.context,
      nextChunkId: options.nextChunkId,
      emit: (chunk, reason) => this.#emit(chunk, reason),
      onDiscard: (rows, error) => {
        this.counters.drop("encode", rows);
        this.#onError(error);
      },
    });
  }

  sendInfo(): void {
    this.isAnnounced = true;
    this.output.send(storeInfoMessage(this.id));
  }

  #send(message: LogMessage): void {
    if (!this.isAnnounced) this.sendInfo();
    this.output.send(message);
  }

  /** Sends a chunk of another store as one of this, behind the rows that came before. */
  copy(chunk: ArrowMessage): void {
    const { numRows } = chunk.summary;
    this.counters.rowsAccepted += numRows;
    if (this.output.isClosed) {
      this.counters.drop("closed", numRows);
      return;
    }
    this.processor.flushAll();
    const message = retargetChunk(chunk, this.id);
    this.counters.chunk("columns", numRows, message.payload.length);
    this.#send(message);
  }

  #emit(chunk: Chunk, reason: FlushReason): void {
    if (this.output.isClosed) {
      this.counters.drop("closed", chunk.numRows);
      return;
    }
    try {
      const message = encodeChunk(this.id, chunk);
      this.counters.chunk(reason, chunk.numRows, message.payload.length);
      this.#send(message);
    } catch (error) {
      this.counters.drop("encode", chunk.numRows);
      this.#onError(error);
    }
  }
}
