import { ByteReader } from "../bytes/byte-reader.ts";
import { ByteWriter } from "../bytes/byte-writer.ts";
import { RerunError, type RerunErrorCode } from "../errors.ts";
import type { Command, CommandResult } from "./command.ts";
import { type PackedCopy, packCopy, unpackCopy } from "./copy-codec.ts";
import { RECORD_HEADER_BYTES, RecordKind } from "./record.ts";
import { encodeRecordJson, parseRecordJson, recordJson } from "./record-json.ts";
import { beginRecord, endRecord } from "./record-segment.ts";

/** What of an error crosses threads: a structured clone keeps neither the code nor the brand. */
interface PackedError {
  readonly message: string;
  readonly code: string | undefined;
  readonly stack: string | undefined;
}

/** Of the record, and what stands before the JSON and, at most, behind the payloads. */
const HEADER_BYTES = RECORD_HEADER_BYTES + 8 + 8;

/** A result as plain data. Nothing stands there for what went well: a recording that ends costs an answer. */
export interface PackedResult {
  readonly result: Omit<CommandResult, "error">;
  readonly error?: PackedError | undefined;
  readonly sinkErrors?: readonly (PackedError | undefined)[] | undefined;
  readonly deliveryErrors?: readonly (PackedError | undefined)[] | undefined;
}

/** A command as a barrier: u32 number to answer with, 0 for none · u32 bytes of JSON · JSON · payloads of the chunks it copies. */
export function commandRecord(command: Command, reply: number): Uint8Array {
  const isCopy = command.type === "copy";
  const json = encodeRecordJson(recordJson(isCopy ? packCopy(command) : command));
  const payloads = isCopy ? command.chunks.map(({ payload }) => payload) : [];
  const bytes = payloads.reduce((sum, { length }) => sum + length, HEADER_BYTES + json.length);
  const record = new ByteWriter(bytes);
  beginRecord(record, RecordKind.barrier, "recording" in command ? (command.recording ?? 0) : 0, 0);
  record.u32(reply);
  record.u32(json.length);
  record.raw(json);
  for (const payload of payloads) record.raw(payload);
  endRecord(record, 0);
  return record.written();
}

/** The command in it, behind the number; payloads are views of `bytes`. `base` is added to the numbers of the sender. */
export function decodeCommand(bytes: Uint8Array, base: number): Command {
  const reader = new ByteReader(bytes);
  const packed = parseRecordJson<Exclude<Command, { type: "copy" }> | PackedCopy>(reader.raw(reader.u32()));
  const command = packed.type === "copy" ? unpackCopy(packed, bytes.subarray(reader.position)) : packed;
  const based = base === 0 ? command : rebase(command, base);
  return "timeoutMillis" in based ? { ...based, timeoutMillis: Number(based.timeoutMillis) } : based;
}

function rebase(command: Command, base: number): Command {
  if (command.type === "drain-memory") return { ...command, id: command.id + base };
  if (!("recording" in command) || command.recording === undefined) return command;
  const recording = command.recording + base;
  if (command.type !== "set-sinks") return { ...command, recording };
  const sinks = command.sinks.map((spec) => (spec.kind === "memory" ? { ...spec, id: spec.id + base } : spec));
  return { ...command, recording, sinks };
}

export function packResult({ error, ...result }: CommandResult): PackedResult {
  const { stats, deliveries } = result;
  const sinkErrors = errorsOf(stats?.sinks);
  const deliveryErrors = errorsOf(deliveries);
  if (error === undefined && sinkErrors === undefined && deliveryErrors === undefined) return { result };
  return {
    result: {
      ...result,
      ...(stats && { stats: { ...stats, sinks: stats.sinks.map(withoutError) } }),
      ...(deliveries && { deliveries: deliveries.map(withoutError) }),
    },
    error: packError(error),
    sinkErrors,
    deliveryErrors,
  };
}

export function unpackResult({ result, error, sinkErrors, deliveryErrors }: PackedResult): CommandResult {
  const { stats, deliveries } = result;
  return {
    ...result,
    ...(stats && sinkErrors && { stats: { ...stats, sinks: withErrors(stats.sinks, sinkErrors) } }),
    ...(deliveries && deliveryErrors && { deliveries: withErrors(deliveries, deliveryErrors) }),
    ...(error && { error: unpackError(error) }),
  };
}

function withoutError<T extends { readonly error?: Error }>({ error: _, ...rest }: T): Omit<T, "error"> {
  return rest;
}

function errorsOf(all: readonly { readonly error?: Error }[] = []): (PackedError | undefined)[] | undefined {
  return all.some(({ error }) => error !== undefined) ? all.map(({ error }) => packError(error)) : undefined;
}

function withErrors<T extends object>(all: readonly T[], errors: readonly (PackedError | undefined)[]): T[] {
  return all.map((one, at) => {
    const packed = errors[at];
    return packed === undefined ? one : { ...one, error: unpackError(packed) };
  });
}

function packError(error: Error | undefined): PackedError | undefined {
  if (error === undefined) return undefined;
  const { code } = error as { code?: unknown }; // gRPC has numbers
  return { message: error.message, code: typeof code === "string" ? code : undefined, stack: error.stack };
}

function unpackError({ message, code, stack }: PackedError): Error {
  const error = code?.startsWith("ERR_RERUN_")
    ? new RerunError(code as RerunErrorCode, message)
    : Object.assign(new Error(message), code === undefined ? {} : { code });
  if (stack !== undefined) error.stack = stack;
  return error;
}
