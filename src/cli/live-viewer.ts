import { statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { serveViewer } from "../page/viewer-server.ts";
import { serverSpec } from "../recording/sinks/sink-values.ts";
import { GrpcServerSink } from "../sinks/grpc/grpc-server-sink.ts";
import { proxyUrl } from "../sinks/grpc/proxy-address.ts";
import { ListedTraces } from "./listed-traces.ts";

/** A page that shows what programs record while they do, and lists their traces. */
export interface LiveViewer {
  /** Of the page. */
  readonly url: string;
  /** What the processes send to, as in `OTEL_RERUN_CONNECT`. */
  readonly proxy: string;
  /** What came is in the pages that are open, which keep it. */
  close(): Promise<void>;
}

/** For pages that are opened later, or again. */
const MEMORY_LIMIT = "512MiB";

/** What pages get to read the end. */
const GOODBYE_MILLIS = 2000;

/**
 *   process ─┐
 *   child ───┼─ gRPC ─▶ proxy on loopback ─ gRPC-web ─▶ the official viewer in our page
 *   child ───┘
 *       └───── files ─▶ the list of traces beside it, and the waterfalls that the viewer was not sent
 *
 * @param files that there are by now.
 * @param typed arguments of `otel-rerun`, for the line that says how to get the viewer.
 * @throws RerunError ERR_RERUN_MISSING_PEER without the viewer.
 */
export async function startLiveViewer(files: () => readonly string[], typed: readonly string[]): Promise<LiveViewer> {
  const spec = serverSpec({ port: 0, serverMemoryLimit: MEMORY_LIMIT });
  const sink = new GrpcServerSink(spec);
  const traces = new ListedTraces(() => files().filter(isBegun));
  try {
    const proxy = proxyUrl({ host: spec.host, port: await sink.listen(), isSecure: false });
    const { url, close } = await serveViewer({ connectTo: [proxy], traces, isLive: true, typed });
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
        await traces.close();
      },
    };
  } catch (error) {
    sink.close();
    throw error;
  }
}

function isBegun(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
