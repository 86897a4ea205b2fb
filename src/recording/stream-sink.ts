import { once } from "node:events";
import type { Writable } from "node:stream";
import { FeedPump } from "./feed-pump.ts";
import { RecordingSink } from "./recording-sink.ts";
import { warnOnce } from "./warnings.ts";

const MAX_BYTES = 256 << 20;

export interface ToStreamOptions {
  /** End the stream with the recording. Default true; the standard streams of the process are never ended. */
  readonly end?: boolean;
}

/** A recording into a stream of Node's, as slow as that one is. */
export function streamSink(stream: Writable, { end = true }: ToStreamOptions = {}): RecordingSink {
  const isOfProcess = stream === process.stdout || stream === process.stderr;
  const pump = new FeedPump(MAX_BYTES, {
    async take(bytes) {
      if (stream.destroyed || stream.writableEnded) throw new Error("the stream it is written to has ended");
      if (!stream.write(bytes)) await Promise.race([once(stream, "drain"), once(stream, "close")]);
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
