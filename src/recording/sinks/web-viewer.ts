import { RerunError } from "../../errors.ts";
import { checkedOptions, optionNames } from "../../option-names.ts";
import { DEFAULT_PROXY_URL, parseProxyUrl, proxyUrl } from "../../sinks/grpc/proxy-address.ts";
import { processState } from "../process/process-state.ts";
import { openInBrowser } from "./open-in-browser.ts";

export interface WebViewerOptions {
  /** Default 9090; 0: any free port. */
  readonly port?: number;
  /** What the viewer reads from. Default: what `serveGrpc` serves, else `rerun+http://127.0.0.1:9876/proxy`. */
  readonly connectTo?: string;
  /** Open it in the user's browser. Default false. */
  readonly openBrowser?: boolean;
}

/** A page with the official viewer. */
export interface WebViewer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const DEFAULT_PORT = 9090;
const NAMES = optionNames<WebViewerOptions>({ port: true, connectTo: true, openBrowser: true });

/**
 * Serves the official viewer on 127.0.0.1, from the package `@rerun-io/web-viewer` that the application has installed: nothing comes
 * from the net. The process does not stay alive for it.
 *
 * @throws RerunError ERR_RERUN_MISSING_PEER without that package; ERR_RERUN_ARGUMENT for a port that is taken, or a bad URL
 */
export async function serveWebViewer(given: WebViewerOptions = {}): Promise<WebViewer> {
  const options = checkedOptions("serveWebViewer", given, NAMES);
  const { port = DEFAULT_PORT, connectTo = DEFAULT_PROXY_URL, openBrowser = false } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new RerunError("ERR_RERUN_ARGUMENT", `port must be a number from 0 to 65535; got ${String(port)}`);
  }
  const address = proxyUrl(parseProxyUrl(connectTo));
  const { serveViewer } = processState().hooks;
  if (serveViewer === undefined) {
    throw new RerunError("ERR_RERUN_SINK", 'nothing is there to serve a page; import "otel-rerun" before its parts');
  }
  const server = await serveViewer({ connectTo: [address], port });
  server.unref();
  if (openBrowser) openInBrowser(server.url);
  return server;
}
