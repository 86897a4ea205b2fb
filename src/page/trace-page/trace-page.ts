import { createHash } from "node:crypto";
import { duration } from "../../telemetry/layout/labels.ts";
import type { Trace } from "../../telemetry/merge/trace-collector.ts";
import { VERSION } from "../../version.ts";
import { escaped } from "./markup.ts";
import { TRACE_SCRIPT } from "./trace-script.ts";
import { traceSection } from "./trace-section.ts";
import { TRACE_STYLE } from "./trace-style.ts";

/** Of a page, in bytes: what every mail and every issue takes without a thought. */
export const MAX_PAGE_BYTES = 300_000;

/** Of style, script and frame, and for what counts tags only roughly. */
const FRAME_BYTES = 30_000;

/** Traces on one page. */
export const MAX_PAGE_TRACES = 10;

/**
 * The page may do nothing: no request at all, no script but our own, whatever a recording smuggles into the markup (I11, I12). It
 * holds even where the page is opened from a disk.
 */
const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${createHash("sha256").update(TRACE_SCRIPT).digest("base64")}'`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/**
 * Traces as one file that opens anywhere: summary, waterfall, attributes, logs and stacks, without viewer or network, and without
 * JavaScript too, as in the preview of a mail or a CI job's artefact.
 *
 * @param traces at least one, at most `MAX_PAGE_TRACES`.
 */
export function tracePage(traces: readonly Trace[]): string {
  const bytes = (MAX_PAGE_BYTES - FRAME_BYTES) / traces.length;
  const root = traces[0]?.spans[0];
  const first = root === undefined ? "trace" : `${root.name} ${duration(root.endTime - root.startTime)}`;
  const title = traces.length === 1 ? first : `${first} and ${traces.length - 1} more`;
  const sections = traces.map((trace, no) => traceSection(trace, bytes, no)).join("\n<hr>\n");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>${escaped(title, 200)}</title>
<link rel="icon" href="data:,">
<style>${TRACE_STYLE}</style>
<div class="tools"><label>Find <input id="find" type="search" autocomplete="off"></label> <span id="count" role="status"></span>
<button id="open" type="button">Open all</button> <button id="close" type="button">Close all</button>
<span>↑ ↓ move, → ← open and close, / find</span></div>
<main>
${sections}
</main>
<footer><p>otel-rerun ${VERSION}. Times are those of the processes that made the spans.</p></footer>
<script>${TRACE_SCRIPT}</script>
</html>
`;
}
