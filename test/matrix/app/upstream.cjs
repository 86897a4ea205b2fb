// Starts the SDK that is installed here with upstream's instrumentations, and nothing of ours: `register` is all there is.
const { NodeSDK } = require("@opentelemetry/sdk-node");
const { HttpInstrumentation } = require("@opentelemetry/instrumentation-http");
const { ExpressInstrumentation } = require("@opentelemetry/instrumentation-express");
const { recordPer } = require("otel-rerun/instrumentation");

const sdk = new NodeSDK({
  serviceName: "shop",
  autoDetectResources: false,
  traceExporter: { export: (_spans, done) => done({ code: 0 }), shutdown: async () => {} },
  metricReaders: [],
  instrumentations: [new HttpInstrumentation(), new ExpressInstrumentation()],
});
sdk.start();
if (process.env.PER === "tenant") recordPer((headers) => headers["x-tenant"]);

exports.end = () => sdk.shutdown();
