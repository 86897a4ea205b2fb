import { setTimeout as sleep } from "node:timers/promises";
import { serveViewer } from "../../page/viewer-server.ts";
import { GrpcServerSink } from "../../sinks/grpc/grpc-server-sink.ts";
import { proxyUrl } from "../../sinks/grpc/proxy-address.ts";

/** A page that shows what a program and its children record while they do. */
export interface LiveViewer {
  /** Of the page. */
  readonly url: string;
  /** What the processes send to, as in `OTEL_RERUN_CONNECT`. */
  readonly proxy: string;
  /** What came is in the pages that are open, which keep it. */
  close(): Promise<void>;
}

/** For pages that are opened later, or again. */
const MEMORY_LIMIT_BYTES = 512 << 20;
const MAX_MESSAGE_BYTES = 256 << 20;

/** What pages get to read the end. */
const GOODBYE_MILLIS = 2000;

/**
 *   process ─┐
 *   child ───┼─ gRPC ─▶ proxy on loopback ─ gRPC-web ─▶ the official viewer in our page
 *   child ───┘
 *
 * @param typed arguments of `otel-rerun`, for the line that says how to get the viewer.
 * @throws RerunError ERR_RERUN_MISSING_PEER without the viewer.
 */
export async function startLiveViewer(typed: readonly string[]): Promise<LiveViewer> {
  const host = "127.0.0.1";
  const sink = new GrpcServerSink({
    kind: "grpc-server",
    host,
    port: 0,
    memoryLimitBytes: MEMORY_LIMIT_BYTES,
    playback: "oldest-first",
    corsAllowOrigin: [],
    maxMessageBytes: MAX_MESSAGE_BYTES,
  });
  try {
    const proxy = proxyUrl({ host, port: await sink.listen(), isSecure: false });
    const { url, close } = await serveViewer({ connectTo: [proxy], typed });
    return {
      url,
      proxy,
      async close() {
        sink.close();
        // its sockets keep no process alive, so something has to until they are done
        const done = new AbortController();
        const gone = sleep(GOODBYE_MILLIS, undefined, { signal: done.signal }).catch(() => {});
        await Promise.race([sink.closed, gone]);
        done.abort();
        await close();
      },
    };
  } catch (error) {
    sink.close();
    throw error;
  }
}
