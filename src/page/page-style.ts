/** Style of the page: the list at the left takes what it needs, the viewer takes the rest. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; font: 13px/1.4 system-ui, sans-serif; }
html, body { height: 100%; margin: 0; }
body { display: flex; background: Canvas; color: CanvasText; }
nav { flex: 0 0 17rem; overflow: auto; border-right: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); }
nav[hidden] { display: none; }
h1 { margin: 0; padding: .6rem .8rem; font-size: 1rem; overflow-wrap: anywhere; }
ul { list-style: none; margin: 0; padding: 0; }
button { all: unset; box-sizing: border-box; display: block; width: 100%; padding: .35rem .8rem; cursor: pointer; }
button:hover { background: color-mix(in srgb, CanvasText 8%, Canvas); }
button:focus-visible { outline: 2px solid Highlight; outline-offset: -2px; }
button[aria-current="true"] { background: color-mix(in srgb, Highlight 30%, Canvas); }
button small { display: block; opacity: .65; }
main { flex: 1; min-width: 0; position: relative; }
`;
