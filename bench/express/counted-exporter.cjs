// OpenTelemetry's OTLP exporter, and how many spans have arrived.
const { createRequire } = require("node:module");
const peers = createRequire(require.resolve("../peers/package.json"));

module.exports = function countedExporter(url) {
  const { OTLPTraceExporter } = peers("@opentelemetry/exporter-trace-otlp-proto");
  const exporter = new OTLPTraceExporter({ url });
  const send = exporter.export.bind(exporter);
  let exported = 0;
  exporter.export = (spans, done) =>
    send(spans, (result) => {
      if (result.code === 0) exported += spans.length;
      done(result);
    });
  return { exporter, exported: () => exported };
};
