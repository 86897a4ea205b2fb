import type { Recording } from "./viewer-server.ts";

/** The page around the viewer. What the script has to open is in the page as JSON, so it needs no further request. */
export function pageHtml(title: string, urls: readonly string[], recordings: readonly Recording[]): string {
  return `<!doctype html>
<html lang="en" data-viewer="loading">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="/page.css">
<link rel="icon" href="data:,">
<nav aria-label="Recordings"><h1>${escapeHtml(title)}</h1><ul></ul></nav>
<main></main>
<script type="application/json" id="opened">${escapeScript(JSON.stringify({ urls, recordings }))}</script>
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
