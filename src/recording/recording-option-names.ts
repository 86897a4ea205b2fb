import { optionNames } from "../option-names.ts";
import type {
  BlueprintOptions,
  ConnectGrpcOptions,
  FlushOptions,
  RecordingStreamOptions,
  SaveOptions,
  ServeGrpcOptions,
  SinkOptions,
} from "./recording-options.ts";
import type { TelemetryOptions } from "./telemetry-options.ts";

// The names of the options of a recording's calls, so that a misspelt one is told.

export const RECORDING_OPTIONS = optionNames<Omit<RecordingStreamOptions, "isHeld" | "attachedTo">>({
  recordingId: true,
  defaultEnabled: true,
  enabled: true,
  sendProperties: true,
  recordingName: true,
  startTime: true,
  batcher: true,
  sinks: true,
  strict: true,
  signals: true,
  telemetry: true,
  makeGlobal: true,
  makeThreadDefault: true,
});

export const TELEMETRY_OPTIONS = optionNames<TelemetryOptions>({
  layout: true,
  instance: true,
  slot: true,
  blueprint: true,
  clock: true,
  maxNotableTraces: true,
});

export const SINK_OPTIONS = optionNames<SinkOptions>({ defaultBlueprint: true });

export const SAVE_OPTIONS = optionNames<SaveOptions>({
  defaultBlueprint: true,
  writeFooter: true,
  maxBytes: true,
  rotateBytes: true,
  rotateMillis: true,
  retain: true,
  journal: true,
  fsync: true,
  atomic: true,
  mode: true,
  exclusive: true,
});

export const CONNECT_OPTIONS = optionNames<ConnectGrpcOptions>({
  defaultBlueprint: true,
  maxBufferedBytes: true,
  connectTimeoutMillis: true,
});

export const SERVE_OPTIONS = optionNames<ServeGrpcOptions>({
  defaultBlueprint: true,
  host: true,
  port: true,
  serverMemoryLimit: true,
  playback: true,
  corsAllowOrigin: true,
  maxMessageBytes: true,
});

export const FLUSH_OPTIONS = optionNames<FlushOptions>({ timeoutMillis: true });

export const BLUEPRINT_OPTIONS = optionNames<BlueprintOptions>({ makeActive: true, makeDefault: true });
