/**
 * What makes the page of a trace quicker to use; without it everything is there and opens by click, Enter or Space. It is text
 * because it belongs to the browser, and the page's policy allows exactly this text by its hash.
 */
export const TRACE_SCRIPT = `
"use strict";
document.documentElement.classList.add("scripted");
const spans = [...document.querySelectorAll("details.span")];
const find = document.getElementById("find");
const count = document.getElementById("count");
const shown = () => spans.filter((span) => !span.classList.contains("hidden"));
function filter() {
  const wanted = find.value.trim().toLowerCase();
  for (const span of spans) span.classList.toggle("hidden", wanted !== "" && !span.textContent.toLowerCase().includes(wanted));
  count.textContent = wanted === "" ? "" : shown().length + " of " + spans.length;
}
function open(isOpen) { for (const span of shown()) span.open = isOpen; }
find.addEventListener("input", filter);
document.getElementById("open").addEventListener("click", () => open(true));
document.getElementById("close").addEventListener("click", () => open(false));
function show(id) {
  const span = document.getElementById(id);
  if (!span || span.localName !== "details") return;
  find.value = "";
  filter();
  span.open = true;
  span.firstElementChild.focus();
}
addEventListener("hashchange", () => show(location.hash.slice(1)));
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target === find) {
    if (event.key === "Escape") { find.value = ""; filter(); find.blur(); }
    return;
  }
  if (event.key === "/") { event.preventDefault(); find.focus(); return; }
  const all = shown();
  const at = all.findIndex((span) => span.firstElementChild === document.activeElement);
  const to = { ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to !== undefined && all[to]) { event.preventDefault(); all[to].firstElementChild.focus(); return; }
  if (at < 0) return;
  if (event.key === "ArrowRight") all[at].open = true;
  else if (event.key === "ArrowLeft") all[at].open = false;
});
show(location.hash.slice(1));
`;
