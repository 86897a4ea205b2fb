/** Style of the page of a trace. Colours are the system's, so it is light where the reader's programs are, and dark where they are. */
export const TRACE_STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, CanvasText 18%, Canvas); --soft: color-mix(in srgb, CanvasText 62%, Canvas);
  --fail: light-dark(#b71c1c, #ff8a80); font: 14px/1.45 system-ui, sans-serif; }
body { margin: 0 auto; padding: 1rem 1.2rem 3rem; max-width: 1500px; background: Canvas; color: CanvasText; }
h1 { font-size: 1.35rem; margin: .2rem 0; overflow-wrap: anywhere; }
h3 { font-size: .85rem; margin: .6rem 0 .2rem; color: var(--soft); }
h2 { font-size: 1.02rem; margin: 1.6rem 0 .4rem; }
.fail { color: var(--fail); }
.facts { display: flex; flex-wrap: wrap; gap: .2rem 1.6rem; margin: .3rem 0 .8rem; }
.facts dt { color: var(--soft); font-size: .8rem; }
.facts dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.tools { display: none; gap: .6rem; align-items: center; margin: .8rem 0; flex-wrap: wrap; color: var(--soft); }
.scripted .tools { display: flex; }
input, button { font: inherit; padding: .2rem .5rem; }
.row, .axis { display: grid; grid-template-columns: minmax(12rem, 34%) 1fr 6.2rem; gap: .6rem; align-items: center; }
.axis { color: var(--soft); font-size: .78rem; border-bottom: 1px solid var(--line); }
.axis .ticks { display: flex; justify-content: space-between; }
summary { list-style: none; cursor: pointer; border-bottom: 1px solid color-mix(in srgb, CanvasText 7%, Canvas); }
summary::-webkit-details-marker { display: none; }
summary:hover { background: color-mix(in srgb, CanvasText 6%, Canvas); }
summary:focus-visible { outline: 2px solid Highlight; outline-offset: -2px; }
details[open] > summary { background: color-mix(in srgb, Highlight 16%, Canvas); }
.name { padding-left: calc(min(var(--d), 24) * .9rem); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.name small { color: var(--soft); margin-right: .4em; }
.track { position: relative; height: 1.1rem; background: linear-gradient(90deg, var(--line) 1px, transparent 1px) 0 / 25% 100%; }
.bar { position: absolute; top: .15rem; bottom: .15rem; left: var(--x); width: max(var(--w), 3px); border-radius: 2px; background: var(--c); }
.open .bar { background: repeating-linear-gradient(45deg, var(--c) 0 6px, transparent 6px 10px); }
.time { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.more { padding: .5rem 1rem 1rem 1.6rem; border-bottom: 1px solid var(--line); }
table { border-collapse: collapse; margin: .3rem 0 .7rem; }
th { text-align: left; font-weight: 500; vertical-align: top; padding: .08rem 1.2rem .08rem 0; color: var(--soft); white-space: nowrap; }
td { padding: .08rem 0; overflow-wrap: anywhere; white-space: pre-wrap; }
pre { overflow: auto; padding: .6rem .8rem; margin: .3rem 0; border: 1px solid var(--line); border-radius: 4px; font: 12.5px/1.45 ui-monospace, monospace; max-height: 26rem; }
.logs { font: 12.5px/1.5 ui-monospace, monospace; list-style: none; padding: 0; margin: 0; }
.logs li { display: grid; grid-template-columns: 6.5rem 4.5rem 1fr; gap: .5rem; border-bottom: 1px solid color-mix(in srgb, CanvasText 7%, Canvas); }
.logs .text { white-space: pre-wrap; overflow-wrap: anywhere; }
.logs time { text-align: right; color: var(--soft); }
.note, footer { color: var(--soft); font-size: .85rem; }
.hidden { display: none; }
@media (max-width: 700px) { .row, .axis { grid-template-columns: 1fr 5rem; } .track, .axis .ticks { display: none; } }
@media print { details > .more { display: block; } .tools { display: none !important; } }
`;
