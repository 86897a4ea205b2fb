import { once } from "node:events";
import type { Writable } from "node:stream";
import { RerunError } from "../../errors.ts";
import { optionNames } from "../../option-names.ts";
import type { SinkOptions } from "../recording-options.ts";
import { warnOnce } from "../warnings.ts";
import { FeedPump } from "./feed-pump.ts";
import { RecordingSink } from "./recording-sink.ts";
import { isWebStream, webStreamSink } from "./web-stream-sink.ts";

const MAX_BYTES = 256 << 20;

/** What is needed of a `stream.Writable`; not the class itself, so that our declarations can be read without those of Node. */
export interface NodeWritable {
  readonly destroyed: boolean;
  readonly writableEnded: boolean;
  write(bytes: Uint8Array): boolean;
  end(): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
}

export interface ToStreamOptions {
  /** End the stream with the recording. Default true; the standard streams of the process are never ended. */
  readonly end?: boolean;
}

/** @internal */
export const STREAM_OPTIONS = optionNames<ToStreamOptions & SinkOptions>({ end: true, defaultBlueprint: true });

/**
 * A recording into a stream of Node's or the web's, as slow as that one is.
 * @throws RerunError ERR_RERUN_ARGUMENT for what is no stream
 */
export function streamSink(
  stream: NodeWritable | WritableStream<Uint8Array>,
  { end = true }: ToStreamOptions = {},
): RecordingSink {
  if (isWebStream(stream)) return webStreamSink(stream, end);
  if (typeof stream?.write !== "function" || typeof stream.on !== "function") {
    throw new RerunError("ERR_RERUN_ARGUMENT", "toStream takes a Writable of node:stream, or a WritableStream");
  }
  const emitter = stream as Writable;
  const isOfProcess = emitter === process.stdout || emitter === process.stderr;
  const pump = new FeedPump(MAX_BYTES, {
    async take(bytes) {
      if (stream.destroyed || stream.writableEnded) throw new Error("the stream it is written to has ended");
      if (stream.write(bytes)) return;
      const waits = new AbortController();
      const { signal } = waits;
      // the one that did not come would stay a listener
      await Promise.race([once(emitter, "drain", { signal }), once(emitter, "close", { signal })]).finally(() =>
        waits.abort(),
      );
    },
    end() {
      if (end && !isOfProcess) stream.end();
    },
  });
  stream.on("error", (error) =>
    warnOnce(`stream ${error.message}`, `a recording cannot be streamed: ${error.message}`),
  );
  return new RecordingSink({ target: pump.feed.spec.id, open: () => pump.feed.open(), end: pump, isAsync: true });
}
