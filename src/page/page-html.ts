import type { ListedRecording } from "./listed-recording.ts";

/**
 * The page around the viewer. What the script has to open is in the page as JSON, so that takes no further request.
 *
 * @param opened `hasTraces`: the server can say which traces there are; `isLive`: there will be more.
 */
export function pageHtml(
  title: string,
  opened: {
    readonly urls: readonly string[];
    readonly recordings: readonly ListedRecording[];
    readonly hasTraces: boolean;
    readonly isLive: boolean;
  },
): string {
  return `<!doctype html>
<html lang="en" data-viewer="loading">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="/page.css">
<link rel="icon" href="data:,">
<nav aria-label="Recordings"><h1>${escapeHtml(title)}</h1><ul id="runs"></ul>
<form id="search" role="search" hidden><input id="where" type="search" aria-label="Find traces" autocomplete="off" spellcheck="false"
 placeholder="status = error and duration &gt; 1s"><label><input id="errors" type="checkbox"> only errors</label><output id="found" for="where errors"></output></form>
<ul id="traces"></ul></nav>
<main></main>
<script type="application/json" id="opened">${escapeScript(JSON.stringify(opened))}</script>
<script type="module" src="/page.js"></script>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Inside a script element only "<" can end it, or start a comment. */
function escapeScript(json: string): string {
  return json.replaceAll("<", "\\u003c");
}
