import { checkedOptions, optionNames } from "../../option-names.ts";
import type { OverflowPolicy } from "../../sinks/sink.ts";
import { refusedOption } from "../refused-option.ts";
import { RecordingSink } from "./recording-sink.ts";

export interface BufferedSinkOptions {
  /** Of chunks, compressed. Default 256 MiB. */
  readonly maxBytes?: number;
  /** What goes when it is full, and is counted. Static rows and blueprints always stay. Default "drop-oldest". */
  readonly overflow?: OverflowPolicy;
}

const DEFAULT_MAX_BYTES = 256 << 20;
const NAMES = optionNames<BufferedSinkOptions>({ maxBytes: true, overflow: true });

/**
 * Keeps rows in memory for the sinks that are set next, which begin with them: what a recording has before its first sink, with
 * another limit. Rows that nobody takes before the recording ends are counted as `no-sink`.
 *
 * @throws RerunError ERR_RERUN_ARGUMENT
 */
export function bufferedSink(options: BufferedSinkOptions = {}): RecordingSink {
  const { maxBytes = DEFAULT_MAX_BYTES, overflow = "drop-oldest" } = checkedOptions("bufferedSink", options, NAMES);
  if (!(typeof maxBytes === "number" && maxBytes > 0)) throw refusedOption("maxBytes", "a number above 0", maxBytes);
  if (overflow !== "drop-oldest" && overflow !== "drop-newest") {
    throw refusedOption("overflow", "drop-oldest or drop-newest", overflow);
  }
  return new RecordingSink({ target: "buffer", open: () => ({ kind: "buffer", maxBytes, overflow }) });
}
