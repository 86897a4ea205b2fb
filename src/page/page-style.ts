/** Style of the page: the list at the left takes what it needs, the viewer takes the rest. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; font: 13px/1.4 system-ui, sans-serif; --soft: color-mix(in srgb, CanvasText 62%, Canvas); --fail: light-dark(#b71c1c, #ff8a80); }
html, body { height: 100%; margin: 0; }
body { display: flex; background: Canvas; color: CanvasText; }
nav { flex: 0 0 20rem; overflow: auto; border-right: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); }
[hidden] { display: none !important; }
h1 { margin: 0; padding: .6rem .8rem; font-size: 1rem; overflow-wrap: anywhere; }
ul { list-style: none; margin: 0; padding: 0; }
button { all: unset; box-sizing: border-box; display: block; width: 100%; padding: .35rem .8rem; cursor: pointer; overflow-wrap: anywhere; }
button:hover { background: color-mix(in srgb, CanvasText 8%, Canvas); }
button:focus-visible { outline: 2px solid Highlight; outline-offset: -2px; }
button[aria-current="true"] { background: color-mix(in srgb, Highlight 30%, Canvas); }
button small { display: block; color: var(--soft); }
form { position: sticky; top: 0; padding: .6rem .8rem; background: Canvas; border-bottom: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); }
form > input { box-sizing: border-box; width: 100%; font: inherit; padding: .25rem .4rem; }
form label, output { color: var(--soft); }
output { display: block; white-space: pre-wrap; overflow-wrap: anywhere; }
.failed { color: var(--fail); }
.trace { display: grid; grid-template-columns: 1fr auto 5rem; gap: 0 .6rem; border-left: 3px solid transparent; }
.trace.failed { border-left-color: var(--fail); color: inherit; }
.trace small { grid-column: 1 / -1; }
.took { text-align: right; font-variant-numeric: tabular-nums; }
main { flex: 1; min-width: 0; position: relative; }
`;
