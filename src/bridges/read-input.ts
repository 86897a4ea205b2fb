import { RerunError } from "../errors.ts";
import type { Decoded } from "./decoded.ts";
import { HEAD_BYTES, type InputFormat } from "./detect.ts";
import type { FormatReader, ReaderContext } from "./format-reader.ts";
import { bytesOf, type ConvertInput, type OnRead } from "./input/input-bytes.ts";
import { isJson } from "./json/detect.ts";
import { JsonInput } from "./json/json-input.ts";
import { framingOf } from "./otlp/frames.ts";
import { ProtobufInput } from "./otlp/protobuf-input.ts";

const NOT_READ =
  "this is neither JSON nor OTLP protobuf; read are OTLP (JSON, JSON lines, protobuf), Jaeger JSON and Zipkin v2 JSON, also compressed";

const RECORDING = "this is a recording already: otel-rerun view shows it, otel-rerun merge joins several";

export interface ReadOptions extends ReaderContext {
  readonly format?: InputFormat;
  readonly onRead?: OnRead;
  /** Awaited after each chunk: what is written in the background must not pile up. */
  readonly drained?: () => Promise<void>;
}

/**
 * Reads one input to its end; what it finds goes to `decoded` as it comes.
 *
 *   bytes ─▶ unpacked ─▶ JSON: pieces · protobuf: messages ─▶ spans, logs, points
 *
 * @throws RerunError ERR_RERUN_FILE, or ERR_RERUN_FORMAT when the input as a whole is no use.
 */
export async function readInput(input: ConvertInput, decoded: Decoded, options: ReadOptions): Promise<void> {
  let reader: FormatReader | undefined;
  let head: Buffer = Buffer.alloc(0);
  for await (const chunk of bytesOf(input, options.onRead)) {
    if (reader !== undefined) {
      reader.push(chunk);
      await options.drained?.();
      continue;
    }
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
    if (head.length < HEAD_BYTES) continue;
    reader = readerFor(head, false, decoded, options);
    reader.push(head);
  }
  if (reader === undefined) {
    if (head.length === 0) throw new RerunError("ERR_RERUN_FORMAT", "this is empty");
    reader = readerFor(head, true, decoded, options);
    reader.push(head);
  }
  reader.end();
}

function readerFor(head: Buffer, isWhole: boolean, decoded: Decoded, options: ReadOptions): FormatReader {
  const { format } = options;
  if (isRecording(head)) throw new RerunError("ERR_RERUN_FORMAT", RECORDING);
  const isProtobuf = format === undefined ? !isJson(head) : format === "otlp-protobuf";
  if (!isProtobuf) return new JsonInput(decoded, options);
  // of a file that was cut off, the last message may go on
  const framing = framingOf(head, isWhole) ?? framingOf(head, false);
  if (framing === undefined) throw new RerunError("ERR_RERUN_FORMAT", NOT_READ);
  return new ProtobufInput(decoded, options, framing);
}

function isRecording(head: Buffer): boolean {
  return head.toString("latin1", 0, 3) === "RRF";
}
