// Starts the SDK that is installed here as an application does, with our parts in it: NodeSDK, upstream's instrumentations, a recording per tenant.
const path = require("node:path");
const { NodeSDK } = require("@opentelemetry/sdk-node");
const { HttpInstrumentation } = require("@opentelemetry/instrumentation-http");
const { ExpressInstrumentation } = require("@opentelemetry/instrumentation-express");
const { RecordingStream } = require("otel-rerun");
const otel = require("otel-rerun/otel");
const { ClsHookedContextManager } = require("otel-rerun/cls-hooked");

const recordings = new Map(
  process.env.TENANTS.split(",").map((tenant) => {
    const recording = new RecordingStream("shop");
    recording.save(path.join(process.env.FOLDER, `${tenant}.rrd`));
    return [tenant, recording];
  }),
);
const managers = {
  sdk: () => undefined,
  recording: () => new otel.RecordingContextManager(),
  cls: () => new ClsHookedContextManager(),
};
const contextManager = managers[process.env.MANAGER]();
const sdk = new NodeSDK({
  serviceName: "shop",
  autoDetectResources: false,
  textMapPropagator: new otel.RecordingPropagator({ recordingFor: (header) => recordings.get(header("x-tenant")) }),
  spanProcessors: [new otel.RecordingSpanProcessor()],
  logRecordProcessors: [new otel.RecordingLogRecordProcessor()],
  metricReaders: [],
  instrumentations: [new HttpInstrumentation(), new ExpressInstrumentation()],
  ...(contextManager && { contextManager }),
});
sdk.start();

exports.end = async () => {
  await sdk.shutdown();
  await Promise.all(Array.from(recordings.values(), (recording) => recording.shutdown({ timeoutMillis: 60_000 })));
};
