import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Destination } from "../bridges/destination.ts";
import { LiveFiles, type LiveFilesOptions } from "../bridges/output/live-files.ts";
import { TraceFiles } from "../bridges/output/trace-files.ts";
import { OtlpReceiver } from "../bridges/receiver/otlp-receiver.ts";
import type { TelemetryCounts } from "../bridges/tally.ts";
import { parseBytes } from "../bytes/byte-size.ts";
import { openInBrowser } from "../recording/sinks/open-in-browser.ts";
import { parseProxyUrl } from "../sinks/grpc/proxy-address.ts";
import { installWriter } from "../writer-entry.ts";
import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { counted } from "./counted.ts";
import { ended } from "./ended.ts";
import { startLiveViewer } from "./live-viewer.ts";
import { filesOfRun } from "./newest-run.ts";
import { jsonOf, writeLine } from "./output.ts";
import { portOf } from "./port.ts";
import { REDACTION_OPTIONS, redactAsTold } from "./redaction.ts";
import { terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

export const serve: Command = {
  name: "serve",
  usage: "[-o OUT] [--per service|trace] [--live] [--json]",
  summary: "receives OTLP from any OpenTelemetry SDK and records it",
  help: `Listens for OTLP/HTTP (protobuf, JSON, gzip) and OTLP/gRPC, on this machine only unless told otherwise. Most SDKs send there by
default. Ends with Ctrl+C; what was received is in the file then, and whole traces long before.

  -o, --output OUT     the recording; with --per a folder. Default: otlp-<time>.rrd, or otlp-<time>
  --per service|trace  a recording for each service, or for each trace, instead of one of all
  --max-bytes N        disk space of a recording, like 500mb; the oldest part is removed when there is more, never the newest
  --live               opens the viewer in the browser meanwhile, with a list of the traces so far; its address is printed
  --connect URL        sends it to a viewer as well; that of \`rerun\` is rerun+http://127.0.0.1:9876/proxy
  --host ADDRESS       default 127.0.0.1
  --http-port N        default 4318; 0 takes any
  --grpc-port N        default 4317; 0 takes any
  --token TOKEN        clients must send it as bearer token. Default: OTEL_RERUN_TOKEN, else none
  --no-redact          keeps secrets, which are taken out as recording does it: passwords, tokens, cookies, values of queries
  --redact-keys A,B    further parts of keys whose values are secrets
  --keep-query A,B     keys of queries whose values stay
  --json               a line with the addresses, and one at the end with what came, for programs

  otel-rerun serve -o run.rrd
  otel-rerun serve --live
  OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 python app.py`,

  async run(args) {
    const { values, positionals } = parseArguments(args, {
      options: {
        output: { type: "string", short: "o" },
        per: { type: "string" },
        "max-bytes": { type: "string" },
        live: { type: "boolean" },
        connect: { type: "string" },
        host: { type: "string" },
        "http-port": { type: "string" },
        "grpc-port": { type: "string" },
        token: { type: "string" },
        ...REDACTION_OPTIONS,
        json: { type: "boolean" },
      },
    });
    if (positionals.length > 0) throw new UsageError(`serve takes no ${positionals[0]}; -o names the recording`);
    installWriter();
    const { per, host, connect, live: isLive = false, json = false } = values;
    if (per !== undefined && per !== "service" && per !== "trace") {
      throw new UsageError(`--per takes service or trace, not ${per}`);
    }
    if (per === "trace" && (connect !== undefined || isLive)) {
      const option = isLive ? "--live" : "--connect";
      throw new UsageError(`${option} shows a recording of all or of each service; leave out --per trace`);
    }
    if (connect !== undefined && isLive) {
      throw new UsageError("--live has a viewer of its own, --connect sends to another: use one of them");
    }
    if (connect !== undefined) parseProxyUrl(connect); // a URL that is none is said now, not at the first span
    const output = resolve(values.output ?? defaultOutput(per !== undefined));
    if (per === undefined && existsSync(output)) throw new UsageError(`${output} exists; choose another name`);
    const maxBytes = bytesOf(values["max-bytes"]);
    const ports = {
      httpPort: portOf("--http-port", values["http-port"], 4318),
      grpcPort: portOf("--grpc-port", values["grpc-port"], 4317),
    };
    const isRedacted = redactAsTold(values);
    let files: OutputFiles | undefined;
    const segments = (): string[] => files?.paths().flatMap(filesOfRun) ?? [];
    const live = isLive ? await startLiveViewer(segments, ["serve", ...args]) : undefined;
    try {
      files = filesOf(output, per, { maxBytes, connectTo: live?.proxy ?? connect });
      const receiver = new OtlpReceiver(files.destination, {
        ...ports,
        token: values.token ?? process.env.OTEL_RERUN_TOKEN,
        ...(host === undefined ? {} : { host }),
      });
      await receiver.listen();
      const urls = {
        http: `http://${host ?? "127.0.0.1"}:${receiver.httpPort}`,
        grpc: `http://${host ?? "127.0.0.1"}:${receiver.grpcPort}`,
        ...(live && { live: live.url }),
      };
      await writeLine(json ? jsonOf({ ...urls, output }) : addressLines(urls, output).join("\n"));
      if (live !== undefined && terminal().isInteractive) openInBrowser(live.url);
      await ended();
      await receiver.close();
      for (const missed of await files.close()) process.stderr.write(`otel-rerun: ${missed}\n`);
      const paths = files.paths();
      await writeLine(
        json
          ? jsonOf({ ...receiver.counts, isRedacted, files: paths })
          : summaryLines(receiver.counts, paths).join("\n"),
      );
    } finally {
      await live?.close();
    }
    return 0;
  },
};

function addressLines(
  urls: { readonly http: string; readonly grpc: string; readonly live?: string },
  output: string,
): string[] {
  const { colours } = terminal();
  return [
    `OTLP/HTTP  ${urls.http}`,
    `OTLP/gRPC  ${urls.grpc}`,
    ...(urls.live === undefined ? [] : [`live       ${urls.live}`]),
    colours.dim(`recording to ${output}; Ctrl+C ends it`),
  ];
}

function summaryLines({ traces, spans, logs, dataPoints }: TelemetryCounts, paths: readonly string[]): string[] {
  const { colours } = terminal();
  const facts = [counted(traces, "trace"), counted(spans, "span"), counted(logs, "log record")];
  return [`${facts.join(", ")}, ${counted(dataPoints, "data point")}`, ...paths.map((path) => colours.bold(path))];
}

interface OutputFiles {
  readonly destination: Destination;
  /** What a viewer missed. */
  close(): Promise<readonly string[]>;
  paths(): readonly string[];
}

type LiveOptions = Pick<LiveFilesOptions, "maxBytes" | "connectTo">;

function filesOf(output: string, per: string | undefined, options: LiveOptions): OutputFiles {
  if (per !== "trace") {
    const files = new LiveFiles({ path: output, perService: per === "service", ...options });
    return { destination: files, close: () => files.close(), paths: () => files.paths };
  }
  const files = new TraceFiles(output);
  return { destination: files, close: () => files.finish(undefined).then(() => []), paths: () => [output] };
}

function defaultOutput(isFolder: boolean): string {
  const time = new Date().toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
  return `otlp-${time}${isFolder ? "" : ".rrd"}`;
}

/** A segment is a quarter, and begins with the dashboard. */
const MIN_BYTES = 1e6;

function bytesOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const bytes = parseBytes(text.trim());
  if (bytes !== undefined && bytes >= MIN_BYTES) return bytes;
  throw new UsageError(`--max-bytes takes a size of at least 1mb, like 500mb, not ${text}`);
}
