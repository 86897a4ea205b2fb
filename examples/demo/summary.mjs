import { openRrd } from "otel-rerun/reader";

/** Counts what is in a recording of the demo, read back with the package's own reader. */
export async function summarize(path) {
  const reader = await openRrd(path);
  const counts = { spans: 0, requests: 0, logs: 0, rows: 0, chunks: 0, "notable traces": 0, dropped: 0 };
  for (const recording of reader.recordings()) {
    if (recording.kind !== "recording") continue;
    const isProcess = !recording.applicationId.endsWith(" requests");
    if (!isProcess) counts["notable traces"]++;
    for await (const chunk of reader.chunks(recording)) {
      counts.chunks++;
      counts.rows += chunk.numRows;
      if (!isProcess) continue;
      if (chunk.entityPath === "/spans") {
        counts.spans += chunk.numRows;
        const kinds = chunk.components.find(({ component }) => component === "kind");
        for (let row = 0; row < chunk.numRows; row++) if (kinds?.get(row)?.[0] === "SERVER") counts.requests++;
      }
      if (chunk.entityPath.startsWith("/logs/")) counts.logs += chunk.numRows;
      if (chunk.entityPath.startsWith("/__properties")) {
        const dropped = chunk.components.find(({ component }) => component.endsWith(":rows_dropped"));
        for (let row = 0; row < chunk.numRows; row++) counts.dropped += Number(dropped?.get(row)?.[0] ?? 0);
      }
    }
  }
  return counts;
}
