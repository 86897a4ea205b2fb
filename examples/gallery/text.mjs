// A log with levels beside a document in Markdown.
import { anyValues, RecordingStream, TextDocument, TextLog, TextLogLevel } from "otel-rerun";
import { Blueprint, DataframeView, Horizontal, TextDocumentView, TextLogView, Vertical } from "otel-rerun/blueprint";

const rec = new RecordingStream("gallery text");
rec.save("text.rrd");
rec.sendBlueprint(
  new Blueprint(
    new Horizontal(
      [
        new Vertical([
          new TextLogView({ name: "Log", origin: "log" }),
          new DataframeView({ name: "Orders", origin: "orders", query: { timeline: "step" } }),
        ]),
        new TextDocumentView({ name: "Report", origin: "report" }),
      ],
      { columnShares: [3, 2] },
    ),
    { collapsePanels: true },
  ),
);

const messages = [
  [TextLogLevel.Info, "map loaded: 214 m², 12 rooms"],
  [TextLogLevel.Debug, "localised to ± 2 cm after 14 scans"],
  [TextLogLevel.Info, "order 81 accepted: 2 parcels to the lift"],
  [TextLogLevel.Warn, "left wheel slips, 12 % over the limit"],
  [TextLogLevel.Error, "parcel 2 was not found at shelf C4"],
  [TextLogLevel.Info, "order 81 finished with 1 of 2 parcels"],
];
messages.forEach(([level, text], step) => {
  rec.setTime("step", { sequence: step });
  rec.log("log/robot", new TextLog(text, { level }));
  // Any values of your own, without an archetype: numbers, texts, booleans, typed arrays.
  rec.log("orders", anyValues({ order: 81, state: text.split(":")[0], done: step === messages.length - 1 }));
});

rec.log(
  "report",
  new TextDocument(
    `# Order 81

| parcel | shelf | result |
|---|---|---|
| 1 | B2 | delivered |
| 2 | C4 | **not found** |

Asked for help after \`3\` attempts; see [the log](recording://log/robot).`,
    { mediaType: "text/markdown" },
  ),
  { static: true },
);
await rec.shutdown();
