import { totalmem } from "node:os";
import { parseBytes } from "../../bytes/byte-size.ts";
import { RerunError } from "../../errors.ts";
import { absolutePath } from "../../file-path.ts";
import { checkedOptions } from "../../option-names.ts";
import { openFile } from "../../sinks/file/open-file.ts";
import { DEFAULT_PROXY_PORT, DEFAULT_PROXY_URL, parseProxyUrl, proxyUrl } from "../../sinks/grpc/proxy-address.ts";
import type { GrpcServerSpec } from "../../sinks/sink.ts";
import { fileSettings } from "../import/file-settings.ts";
import { processTransport } from "../process/process-pipeline.ts";
import { CONNECT_OPTIONS, SAVE_OPTIONS, SERVE_OPTIONS } from "../recording-option-names.ts";
import type { GrpcOptions, SaveOptions, ServeGrpcOptions } from "../recording-options.ts";
import { refusedOption } from "../refused-option.ts";
import { RecordingSink } from "./recording-sink.ts";

/** A number of bytes, or `"1GiB"`, `"512MB"`, or a part of the machine's memory, `"25%"`. */
export type ByteSize = number | string;

const DEFAULT_BUFFERED_BYTES = 64 << 20;
const DEFAULT_CONNECT_TIMEOUT_MILLIS = 5000;
const DEFAULT_MEMORY_LIMIT = "1GiB";
const DEFAULT_MESSAGE_BYTES = 256 << 20;

/**
 * The file at a path, as `rec.save` writes it.
 * @throws RerunError ERR_RERUN_ARGUMENT for what is no path, and for an option that is wrong
 */
export function fileSink(path: string | URL, given: Omit<SaveOptions, "defaultBlueprint"> = {}): RecordingSink {
  const absolute = absolutePath("save", path);
  const options = checkedOptions("save", given, SAVE_OPTIONS);
  const settings = fileSettings(options);
  return new RecordingSink({
    target: absolute,
    isFile: true,
    open() {
      const { mode, exclusive } = options;
      const { path, fd, isPipe } = openFile(absolute, { mode, isAtomic: settings.isAtomic, isExclusive: exclusive });
      return isPipe ? { kind: "pipe", path, fd } : { kind: "file", path, fd, ...settings };
    },
  });
}

/**
 * A viewer or proxy that listens, as `rec.connectGrpc` sends to it.
 * @throws RerunError ERR_RERUN_ARGUMENT if the URL is none of a proxy
 */
export function grpcSink(url: string = DEFAULT_PROXY_URL, given: GrpcOptions = {}): RecordingSink {
  const options = checkedOptions("connectGrpc", given, CONNECT_OPTIONS);
  const target = proxyUrl(parseProxyUrl(url));
  const maxBufferedBytes = byteSize("maxBufferedBytes", options.maxBufferedBytes ?? DEFAULT_BUFFERED_BYTES);
  const { connectTimeoutMillis = DEFAULT_CONNECT_TIMEOUT_MILLIS } = options;
  if (!(connectTimeoutMillis >= 0))
    throw refusedOption("connectTimeoutMillis", "a number from 0 on", connectTimeoutMillis);
  return new RecordingSink({
    target,
    isAsync: true,
    open: () => ({ kind: "grpc", url: target, maxBufferedBytes, connectTimeoutMillis }),
  });
}

/** A terminal shows bytes to nobody's use. */
export function stdoutIsTerminal(): boolean {
  return process.stdout.isTTY === true;
}

/** The standard output, as `rec.stdout` writes it. */
export function stdoutSink(): RecordingSink {
  return new RecordingSink({ target: "stdout", open: () => ({ kind: "stdout" }) });
}

/** A server that listens already, and its sink. */
export interface ListeningSink extends RecordingSink {
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

/**
 * Begins to serve, as `rec.serveGrpc` does, for `setSinks` and `addSink`.
 * @throws RerunError ERR_RERUN_ARGUMENT if the port is taken or an option is wrong
 */
export async function grpcServerSink(options: ServeGrpcOptions = {}): Promise<ListeningSink> {
  const asked = serverSpec(checkedOptions("serveGrpc", options, SERVE_OPTIONS));
  const { port, error } = await processTransport().request({ type: "listen", server: asked });
  if (error !== undefined || port === undefined) {
    throw error ?? new RerunError("ERR_RERUN_SINK", "the writer did not begin to serve; try again");
  }
  return listeningSink({ ...asked, port });
}

/** @throws RerunError ERR_RERUN_ARGUMENT */
export function serverSpec(options: ServeGrpcOptions): GrpcServerSpec {
  const { host = "127.0.0.1", port = DEFAULT_PROXY_PORT, playback = "oldest-first", corsAllowOrigin = [] } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw refusedOption("port", "a number from 0 to 65535", port);
  if (typeof host !== "string" || host === "") throw refusedOption("host", "an address such as 127.0.0.1", host);
  if (playback !== "oldest-first" && playback !== "newest-first") {
    throw refusedOption("playback", "oldest-first or newest-first", playback);
  }
  return {
    kind: "grpc-server",
    host: host.includes(":") && !host.startsWith("[") ? `[${host}]` : host,
    port,
    playback,
    corsAllowOrigin,
    memoryLimitBytes: byteSize("serverMemoryLimit", options.serverMemoryLimit ?? DEFAULT_MEMORY_LIMIT, true),
    maxMessageBytes: Math.min(
      byteSize("maxMessageBytes", options.maxMessageBytes ?? DEFAULT_MESSAGE_BYTES),
      2 ** 32 - 1,
    ),
  };
}

export function listeningSink(spec: GrpcServerSpec): ListeningSink {
  const { host, port } = spec;
  const url = proxyUrl({ host: CLIENTS_NAME[host] ?? host, port, isSecure: false });
  return Object.assign(new RecordingSink({ target: url, isAsync: true, isServed: true, open: () => spec }), {
    url,
    host,
    port,
  });
}

/** What "every interface" is called by those who connect to it. */
const CLIENTS_NAME: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "[::]": "[::1]" };

export function byteSize(name: string, size: ByteSize, mayBeZero = false): number {
  const percent = typeof size === "string" ? /^(\d+(?:\.\d+)?) *%$/.exec(size.trim())?.[1] : undefined;
  const bytes = percent !== undefined ? (totalmem() * Number(percent)) / 100 : (parseBytes(String(size)) ?? Number.NaN);
  if (bytes >= (mayBeZero ? 0 : 1)) return Math.floor(bytes);
  throw refusedOption(name, 'a number of bytes such as 1048576, "1GiB" or "25%"', size);
}
