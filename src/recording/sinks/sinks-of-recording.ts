import { RerunError } from "../../errors.ts";
import { checkedOptions } from "../../option-names.ts";
import { sinkKey } from "../../sinks/sink-key.ts";
import { flush } from "../barriers.ts";
import type { LoggableBlueprint } from "../blueprint/blueprint.ts";
import { checkLoggable, writeBlueprint } from "../blueprint/blueprint-store.ts";
import { processTransport } from "../process/process-pipeline.ts";
import type { RecordingIntake } from "../recording-intake.ts";
import {
  BLUEPRINT_OPTIONS,
  CONNECT_OPTIONS,
  SAVE_OPTIONS,
  SERVE_OPTIONS,
  SINK_OPTIONS,
} from "../recording-option-names.ts";
import type {
  BlueprintOptions,
  ConnectGrpcOptions,
  SaveOptions,
  ServedRecording,
  ServeGrpcOptions,
  SinkOptions,
} from "../recording-options.ts";
import { warnOnce } from "../warnings.ts";
import { BINARY_STREAM_OPTIONS, BinaryStream, type BinaryStreamOptions } from "./binary-stream.ts";
import type { RecordingSink } from "./recording-sink.ts";
import { SinkHandle } from "./sink-handle.ts";
import {
  fileSink,
  grpcServerSink,
  grpcSink,
  listeningSink,
  serverSpec,
  stdoutIsTerminal,
  stdoutSink,
} from "./sink-values.ts";
import { type NodeWritable, STREAM_OPTIONS, streamSink, type ToStreamOptions } from "./stream-sink.ts";

/** Opens the file here and now, so that a bad path fails in the call, and makes it the recording's only sink. */
export function saveToFile(intake: RecordingIntake, path: string | URL, options: SaveOptions): void {
  if (!intake.isEnabled) return;
  const checked = checkedOptions("save", options, SAVE_OPTIONS);
  setSinks(intake, [fileSink(path, checked)], checked);
}

/** The address is looked at here and now; whether somebody is there shows later. */
export function connectToGrpc(intake: RecordingIntake, url: string | undefined, options: ConnectGrpcOptions): void {
  const checked = checkedOptions("connectGrpc", options, CONNECT_OPTIONS);
  const sink = grpcSink(url, checked);
  if (intake.isEnabled) setSinks(intake, [sink], checked);
}

/** Serves first, so that the recording keeps its sinks when the port is taken. */
export async function serveOverGrpc(intake: RecordingIntake, given: ServeGrpcOptions): Promise<ServedRecording> {
  const options = checkedOptions("serveGrpc", given, SERVE_OPTIONS);
  if (!intake.isEnabled) return servedBy(listeningSink(serverSpec(options)));
  assertOpen(intake);
  const sink = await grpcServerSink(options);
  setSinks(intake, [sink], options);
  return servedBy(sink);
}

/** A terminal shows bytes to nobody's use: then the recording stays where it is. */
export function writeToStdout(intake: RecordingIntake, given: SinkOptions): void {
  if (!intake.isEnabled) return;
  const options = checkedOptions("stdout", given, SINK_OPTIONS);
  if (stdoutIsTerminal()) {
    warnOnce(
      "stdout",
      "the standard output is a terminal, so no recording is written to it; send it on: node app.js | rerun -",
    );
    return;
  }
  setSinks(intake, [stdoutSink()], options);
}

export function writeToStream(
  intake: RecordingIntake,
  stream: NodeWritable | WritableStream<Uint8Array>,
  options: ToStreamOptions & SinkOptions,
): void {
  if (!intake.isEnabled) return;
  const checked = checkedOptions("toStream", options, STREAM_OPTIONS);
  setSinks(intake, [streamSink(stream, checked)], checked);
}

export function openBinaryStream(intake: RecordingIntake, options: BinaryStreamOptions): BinaryStream {
  const checked = checkedOptions("binaryStream", options, BINARY_STREAM_OPTIONS);
  const stream = new BinaryStream(async () => void (await flush(intake, {})), checked);
  if (intake.isEnabled) setSinks(intake, [stream.sink]);
  return stream;
}

/**
 * Replaces the sinks. All of them are opened before the first is given anything; if one cannot be, the recording keeps those it has.
 * None: what is recorded waits for the next ones.
 *
 * @throws RerunError ERR_RERUN_ARGUMENT for two that go to the same place, ERR_RERUN_CLOSED after `shutdown`, and what opening throws
 */
export function setSinks(
  intake: RecordingIntake,
  sinks: readonly RecordingSink[],
  { defaultBlueprint }: SinkOptions = {},
): void {
  if (!intake.isEnabled) return;
  assertOpen(intake);
  assertSinks(sinks);
  if (defaultBlueprint !== undefined) checkLoggable(defaultBlueprint);
  const specs = sinks.map(({ plan }) => plan.open());
  const old = intake.sinks;
  const sendDefault = (): void => {
    if (defaultBlueprint !== undefined) {
      sendBlueprint(intake, defaultBlueprint, { makeActive: false, makeDefault: true });
    }
  };
  // what waits comes in the order that viewers want; what has sinks already is not to get the layout there
  if (old.length === 0) sendDefault();
  intake.open().post({ type: "set-sinks", recording: intake.no, sinks: specs });
  intake.sinks = sinks;
  for (const sink of old) if (!sinks.includes(sink)) void sink.plan.end?.ended();
  if (old.length > 0) sendDefault();
}

/** One more. What was recorded before is in the others; it begins with what is true of the whole recording. */
export function addSink(intake: RecordingIntake, sink: RecordingSink): SinkHandle {
  if (!intake.isEnabled) return new SinkHandle(sink, async () => {});
  assertOpen(intake);
  assertSinks([...intake.sinks, sink]);
  const spec = sink.plan.open();
  intake.open().post({ type: "set-sinks", recording: intake.no, sinks: [spec], isAdded: true });
  intake.sinks = [...intake.sinks, sink];
  return new SinkHandle(sink, () => removeSink(intake, sink, sinkKey(spec)));
}

async function removeSink(intake: RecordingIntake, sink: RecordingSink, key: string): Promise<void> {
  if (!intake.isOpen || !intake.sinks.includes(sink)) return;
  intake.open().post({ type: "remove-sink", recording: intake.no, key });
  intake.sinks = intake.sinks.filter((other) => other !== sink);
  await sink.plan.end?.ended();
  await processTransport().request({ type: "stats", recording: intake.no });
}

/** No sinks any more; resolves when the old ones are complete. */
export async function disconnect(intake: RecordingIntake): Promise<void> {
  if (!intake.isOpen || intake.sinks.length === 0) return;
  const old = intake.sinks;
  setSinks(intake, []);
  await Promise.all(old.map(({ plan }) => plan.end?.ended()));
  await processTransport().request({ type: "stats", recording: intake.no });
}

/** Completes the files; the other sinks stay. With none left, later rows wait for the next ones. */
export async function finalize(intake: RecordingIntake): Promise<void> {
  if (!intake.isOpen) return;
  const others = intake.sinks.filter(({ plan }) => !plan.isFile);
  if (others.length === intake.sinks.length) return;
  if (others.length === 0) return disconnect(intake);
  setSinks(intake, others);
  await processTransport().request({ type: "stats", recording: intake.no });
}

/** Writes a blueprint as a store of its own beside the recording, then activates it. */
export function sendBlueprint(intake: RecordingIntake, blueprint: LoggableBlueprint, given: BlueprintOptions): void {
  if (!intake.isEnabled) return;
  const options = checkedOptions("sendBlueprint", given, BLUEPRINT_OPTIONS);
  checkLoggable(blueprint);
  assertOpen(intake);
  intake.open();
  writeBlueprint(blueprint, intake.storeId.applicationId, { sinksOf: intake.no }, options);
}

function servedBy({ url, host, port }: ServedRecording): ServedRecording {
  return { url, host, port };
}

function assertSinks(sinks: readonly RecordingSink[]): void {
  if (!Array.isArray(sinks) || !sinks.every((sink) => typeof sink?.plan?.open === "function")) {
    throw new RerunError(
      "ERR_RERUN_ARGUMENT",
      'sinks are what fileSink("run.rrd"), grpcSink(), stdoutSink(), bufferedSink() and new CallbackSink(…) make; setSinks takes an array of them',
    );
  }
  const targets = new Set<string>();
  for (const { plan } of sinks) {
    if (targets.has(plan.target)) {
      throw new RerunError("ERR_RERUN_ARGUMENT", `two sinks of a recording go to ${plan.target}; name it once`);
    }
    targets.add(plan.target);
  }
}

function assertOpen(intake: RecordingIntake): void {
  if (intake.isOpen) return;
  const { applicationId } = intake.storeId;
  throw new RerunError(
    "ERR_RERUN_CLOSED",
    `the recording of ${applicationId} was shut down; make a new RecordingStream`,
  );
}
