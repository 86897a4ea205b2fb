// Ends COUNT spans before the event loop turns, given to upstream's BatchSpanProcessor and to ours at once; then ends as MODE says. Prints how
// many spans the other's exporter got.
const { BasicTracerProvider, BatchSpanProcessor } = require("@opentelemetry/sdk-trace-base");
const rr = require("otel-rerun");
const { RecordingSpanProcessor } = require("otel-rerun/otel");

const { COUNT, MODE, PATH_OF_FILE } = process.env;
rr.init("bursts").save(PATH_OF_FILE);
let exported = 0;
const exporter = {
  // answers later, as one that sends does
  export: (spans, done) =>
    setImmediate(() => {
      exported += spans.length;
      done({ code: 0 });
    }),
  forceFlush: async () => {},
  shutdown: async () => {},
};
const provider = new BasicTracerProvider({
  spanProcessors: [new BatchSpanProcessor(exporter), new RecordingSpanProcessor()],
});
const tracer = provider.getTracer("bursts");
for (let n = 0; n < Number(COUNT); n++) tracer.startSpan(`span ${n}`, { attributes: { n } }).end();

process.on("exit", () => console.log(exported));
if (MODE === "exit") process.exit(0);
if (MODE === "shutdown") provider.forceFlush().then(() => provider.shutdown());
