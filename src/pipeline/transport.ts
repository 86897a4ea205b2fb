import type { ByteWriter } from "../bytes/byte-writer.ts";
import type { Command, CommandResult } from "./command.ts";
import type { Definition, RecordKind } from "./record.ts";
import type { DropReason } from "./recording-stats.ts";
import type { WriterHandle } from "./writer-thread/thread-messages.ts";

/**
 * The way from a caller's thread to the writer, which is a thread of its own (`thread-transport.ts`) or runs when the caller yields
 * (`inline-transport.ts`). Callers do not notice which.
 *
 *   begin ─▶ encode into the returned writer ─▶ end         a record, ordered
 *   define                                                  a definition, ordered before the records that use it
 *   post / request / requestSync                            a command, ordered after the records before it
 */
export interface Transport {
  /** Starts a record; the header is written already. Nested calls (a getter that logs) get a writer of their own. */
  begin(kind: RecordKind, recording: number, flags?: number): ByteWriter;
  /** Publishes the record. False: dropped and counted. */
  end(writer: ByteWriter): boolean;
  /** Forgets the record that was begun, e.g. because a value could not be encoded. */
  abort(writer: ByteWriter): void;
  define(definition: Definition): void;
  post(command: Command): void;
  request(command: Command): Promise<CommandResult>;
  /** Runs the command before it returns; for exit handlers. */
  requestSync(command: Command): CommandResult;
  /** How other threads find the writer; undefined where it is only here. */
  readonly handle?: WriterHandle;
  /** What the writer adds to this thread's numbers. */
  readonly base?: number;
  /** Counts a row that was refused before it became a record. */
  countDropped(recording: number, reason: DropReason, rows: number): void;
}
