import { checkFunction } from "../checked-arguments.ts";
import { FeedPump } from "./feed-pump.ts";
import { RecordingSink } from "./recording-sink.ts";

const MAX_BYTES = 256 << 20;

/**
 * Gives a recording to a function, on the thread that made the sink: `rec.addSink(new CallbackSink((bytes) => channel.send_rrd(bytes)))`.
 *
 * Each call has what came since the last one, as an RRD stream; one behind the other they are the whole. When the function returns a
 * promise, the next call waits for it. What it throws is warned about, and those bytes are lost. The process does not stay alive
 * for it, and at its end the function is called once more.
 */
export class CallbackSink extends RecordingSink {
  /** @throws RerunError ERR_RERUN_ARGUMENT if it is no function */
  constructor(callback: (bytes: Uint8Array) => void | Promise<void>) {
    checkFunction("CallbackSink", callback);
    const pump = new FeedPump(MAX_BYTES, { take: callback });
    super({ target: pump.feed.spec.id, open: () => pump.feed.open(), end: pump, isAsync: true });
  }
}
