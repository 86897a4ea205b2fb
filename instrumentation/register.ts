import { isMainThread, threadId } from "node:worker_threads";
import { adoptApiCopy, findEsmApi, installOtel, installTap, offerTracing } from "../src/otel/install.ts";
import type { TapOptions } from "../src/otel/sdk/tap.ts";
import { setGlobalDataRecording } from "../src/recording/context/active-recording.ts";
import { recordingInternals } from "../src/recording/internals.ts";
import { environmentSwitch } from "../src/recording/process/environment.ts";
import { processState, type RequestRecordings } from "../src/recording/process/process-state.ts";
import {
  inheritedRecordingId,
  PARENT_VARIABLE,
  parentFromEnvironment,
  RECORDING_ID_VARIABLE,
} from "../src/recording/recording-id.ts";
import { RecordingStream } from "../src/recording/recording-stream.ts";
import type { TelemetryOptions } from "../src/recording/telemetry-options.ts";
import { slug } from "../src/telemetry/layout/slug.ts";
import { ConsoleInstrumentation } from "./console.ts";
import { ExpressInstrumentation } from "./express.ts";
import { loadedApis, onFirstApiUse } from "./first-api-use.ts";
import { httpActivity } from "./http/http-activity.ts";
import { HttpInstrumentation } from "./http.ts";
import { diagFromEnvironment } from "./logs/diag-logger.ts";
import { recordUncaught } from "./logs/uncaught-errors.ts";
import { installRedaction } from "./redact.ts";
import { type BlackBoxOptions, blackBox } from "./run/black-box.ts";
import { sendLive } from "./run/live-viewer.ts";
import { sayCannotRecord, sayEnd, sayKeeping, sayRecordingTo } from "./run/notices.ts";
import { recordPerEnvironment } from "./run/record-per.ts";
import { blackBoxFromEnvironment } from "./run/recorder-mode.ts";
import { RecordingFile } from "./run/recording-file.ts";
import { nameOfEnvironment, serviceName } from "./run/service-name.ts";
import { workingFolder } from "./run/working-folder.ts";
import { RuntimeMetrics } from "./runtime-metrics.ts";
import { startInstalled } from "./start-installed.ts";

/**
 * Makes the recording of the process and lets everything into it: what `--import otel-rerun/register` does.
 *
 *   load        recording (nothing is opened), hooks of HTTP, Express and console, what the app has installed, the way for children
 *   first row   file, exit and signal hooks, metrics, uncaught errors
 *   end         footer, what was recorded
 *
 * A process that records nothing leaves no file and no listener.
 */
export function register(): void {
  if (!("WebAssembly" in globalThis)) {
    sayCannotRecord("Node runs without WebAssembly (--jitless), which recordings are compressed by");
    return;
  }
  const { hooks } = processState();
  diagFromEnvironment(process.env);
  const cwd = workingFolder();
  const service = serviceName(process.env, process.argv[1], cwd);
  const parent = parentFromEnvironment();
  const applicationId = parent?.applicationId ?? service;
  const recordingId = inheritedRecordingId(applicationId);
  const recording = new RecordingStream(applicationId, {
    ...(recordingId !== undefined && { recordingId }),
    signals: true,
    telemetry: telemetryOptions(service, parent !== undefined),
  });
  const file = new RecordingFile({
    environment: process.env,
    cwd,
    service,
    startedAt: new Date(),
    parentFile: typeof parent?.file === "string" ? parent.file : undefined,
  });
  announce(recording, file);

  const resource = { attributes: { "service.name": service } };
  /** The application has a provider of its own, which knows better than `package.json`; too late once something is recorded. */
  const onServiceName = (name: string) => {
    if (parent !== undefined || nameOfEnvironment(process.env) || !recordingInternals(recording).rename(name)) return;
    resource.attributes["service.name"] = name;
    file.rename(name);
    announce(recording, file);
  };
  const metrics = new RuntimeMetrics({ resource });
  const isQuiet = environmentSwitch("OTEL_RERUN_QUIET") === true;
  const box = blackBoxFromEnvironment(process.env);
  let hasBegun = false;
  const begin = (one: RecordingStream) => {
    // a black box has its own
    if (!hasBegun && box === undefined) recordUncaught(resource);
    hasBegun = true;
    if (!recordingInternals(one).hasSinks) {
      if (box === undefined) attach(one, file, isQuiet);
      else keepLast(one, box, isQuiet);
    }
    metrics.enable();
  };
  recordingInternals(recording).onFirstRow(() => begin(recording));
  hooks.startMetrics = () => metrics.enable();
  hooks.adopt = (made) => {
    if (made.applicationId === recording.applicationId && made.recordingId === recording.recordingId) return recording;
    recordingInternals(made).onFirstRow(() => begin(made));
    return made;
  };
  hooks.afterClose = () => {
    const ofRequests = hooks.requestRecordings?.();
    const hasRecorded = file.paths.length > 0 || (ofRequests?.kept ?? 0) > 0;
    if (isQuiet || !hasRecorded) return;
    try {
      tellEnd(recording, file, ofRequests);
    } catch {
      // without a working folder nothing can be shown as one would type it there; the process ends as it would (I1)
    }
  };
  setGlobalDataRecording(recording);

  recordPerEnvironment(process.env);
  installRedaction();
  installOtel({ resource });
  const watchApi = () => recordTracers({ resource, onServiceName });
  onFirstApiUse(watchApi);
  // not now, when it is not known yet whether the application is one of ES modules
  setImmediate(() => process.mainModule === undefined && process.argv[1] !== undefined && watchApi()).unref();
  new HttpInstrumentation().enable();
  new ExpressInstrumentation().enable();
  new ConsoleInstrumentation({ resource }).enable();
  startInstalled({ script: process.argv[1], cwd, resource });
}

/** Spans of whatever tracer are recorded from now on. */
function recordTracers(options: TapOptions): void {
  for (const api of loadedApis()) adoptApiCopy(api);
  offerTracing();
  installTap(options);
  if (process.mainModule === undefined) void findEsmApi();
}

/** How children of this process, and its worker threads, know that they are part of the same recording (src/recording/recording-id.ts). */
function announce({ applicationId, recordingId }: RecordingStream, { base }: RecordingFile): void {
  process.env[PARENT_VARIABLE] = JSON.stringify({ applicationId, file: base, pid: process.pid });
  process.env[RECORDING_ID_VARIABLE] = recordingId;
}

/** Process ids take 22 bits at most (Linux, `PID_MAX_LIMIT`), a slot has 31. */
const PID_BITS = 22;

/** The first process has no name among others; a child's comes from its process id and thread, since nobody counts them. */
function telemetryOptions(service: string, isChild: boolean): TelemetryOptions {
  if (!isChild) return { slot: 0 };
  const thread = isMainThread ? 0 : threadId;
  const slot = ((process.pid & (2 ** PID_BITS - 1)) | (thread << PID_BITS)) & 0x7fff_ffff;
  const instance = `${slug(service)}_${process.pid}${thread === 0 ? "" : `_${thread}`}`;
  return { slot, instance };
}

function attach(recording: RecordingStream, file: RecordingFile, isQuiet: boolean): void {
  const known = file.paths.length;
  try {
    file.attach(recording);
    sendLive(recording, process.env);
    const path = file.paths[known];
    if (path !== undefined && !isQuiet) sayRecordingTo(path);
  } catch (error) {
    if (!isQuiet) sayCannotRecord(error);
    // else everything would be kept in memory for a sink that does not come
    recordingInternals(recording).settle("discard");
  }
}

function keepLast(recording: RecordingStream, options: BlackBoxOptions, isQuiet: boolean): void {
  blackBox({ ...options, recording });
  if (!isQuiet) sayKeeping(options.seconds ?? 60);
}

function tellEnd(recording: RecordingStream, file: RecordingFile, ofRequests: RequestRecordings | undefined): void {
  const segments = file.segments();
  const { rowsDropped } = recording.stats();
  sayEnd({
    activity: httpActivity,
    segments,
    others: file.others(),
    isCut: file.paths.some((path) => !segments.some((segment) => segment.path === path)),
    dropped: Object.values(rowsDropped).reduce((sum, rows) => sum + rows, 0),
    ofRequests,
  });
}
