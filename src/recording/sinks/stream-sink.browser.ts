import { RerunError } from "../../errors.ts";
import { optionNames } from "../../option-names.ts";
import type { SinkOptions } from "../recording-options.ts";
import type { RecordingSink } from "./recording-sink.ts";
import type { NodeWritable, ToStreamOptions } from "./stream-sink.ts";
import { isWebStream, webStreamSink } from "./web-stream-sink.ts";

export type { NodeWritable, ToStreamOptions } from "./stream-sink.ts";

export const STREAM_OPTIONS = optionNames<ToStreamOptions & SinkOptions>({ end: true, defaultBlueprint: true });

/** @throws RerunError ERR_RERUN_ARGUMENT if it is no `WritableStream` */
export function streamSink(
  stream: NodeWritable | WritableStream<Uint8Array>,
  { end }: ToStreamOptions = {},
): RecordingSink {
  if (isWebStream(stream)) return webStreamSink(stream, end);
  throw new RerunError("ERR_RERUN_ARGUMENT", "in a page toStream takes a WritableStream");
}
