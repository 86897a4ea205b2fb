import { RerunError } from "../../errors.ts";
import { warnOnce } from "../warnings.ts";
import { FeedPump } from "./feed-pump.ts";
import { RecordingSink } from "./recording-sink.ts";

const MAX_BYTES = 256 << 20;

export function isWebStream(stream: unknown): stream is WritableStream<Uint8Array> {
  return typeof (stream as Partial<WritableStream> | null)?.getWriter === "function";
}

/**
 * A recording into a stream of the web's, as slow as that one is.
 * @throws RerunError ERR_RERUN_ARGUMENT if somebody else has the stream's writer
 */
export function webStreamSink(stream: WritableStream<Uint8Array>, end = true): RecordingSink {
  if (stream.locked) {
    throw new RerunError("ERR_RERUN_ARGUMENT", "the stream has a writer already; release its lock first");
  }
  const writer = stream.getWriter();
  let isReleased = false;
  const tell = (error: unknown): void => {
    if (isReleased) return; // its `closed` is told so
    const text = error instanceof Error ? error.message : String(error);
    warnOnce(`stream ${text}`, `a recording cannot be streamed: ${text}`);
  };
  writer.closed.catch(tell);
  const pump = new FeedPump(MAX_BYTES, {
    async take(bytes) {
      await writer.ready;
      await writer.write(bytes);
    },
    end() {
      if (end) {
        writer.close().catch(tell);
        return;
      }
      isReleased = true;
      writer.releaseLock();
    },
  });
  return new RecordingSink({ target: pump.feed.spec.id, open: () => pump.feed.open(), end: pump, isAsync: true });
}
