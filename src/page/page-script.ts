/**
 * What runs in the page. It is text because it belongs to the browser: it is not compiled with the rest and imports the
 * viewer from the server.
 *
 * Tests and tools read its state: `document.documentElement.dataset.viewer` is loading, ready or failed;
 * `window.otelRerun` holds the recordings that were opened, the active one, the traces that are listed, the errors, and how
 * often the viewer was asked for another recording than it showed.
 *
 * A file may hold the recording of a whole run and recordings of single traces (application id `<app> requests`). Viewers
 * show the one that was opened last; the page shows the run's. The list of traces has all of them, also those without a
 * recording: the server makes one when such a trace is clicked.
 */
export const PAGE_SCRIPT = `
import { WebViewer } from "/viewer/index.js";

const root = document.documentElement;
const [runs, traces, search, where, errors, found] = ["runs", "traces", "search", "where", "errors", "found"].map((id) => document.getElementById(id));
const { urls, recordings: known, hasTraces, isLive } = JSON.parse(document.getElementById("opened").textContent);
const state = (window.otelRerun = { recordings: [], active: undefined, chosen: undefined, traces: [], errors: [], asked: 0 });
const isTrace = ({ applicationId }) => applicationId.endsWith(" requests");

function fail(error) {
  state.errors.push(String(error?.message ?? error));
  root.dataset.viewer = "failed";
}
addEventListener("error", (event) => fail(event.error ?? event.message));
addEventListener("unhandledrejection", (event) => fail(event.reason));
addEventListener("securitypolicyviolation", (event) =>
  state.errors.push("refused: " + event.violatedDirective + " " + event.blockedURI),
);

const viewer = new WebViewer();

// The viewer shows what was opened last, at a time of its own: frames after it has announced it, seconds on a slow machine. So what is
// wanted is asked for as long as something else is shown. It ends when the user acts in the viewer, never by time.
let wanted;

function want(recordingId) {
  wanted = recordingId;
  follow();
}

function follow() {
  if (!viewer.ready || state.recordings.length === 0) return;
  if (isOpen(wanted) && viewer.get_active_recording_id() !== wanted) {
    viewer.set_active_recording_id(wanted);
    state.asked += 1;
  }
  state.active = viewer.get_active_recording_id() ?? undefined;
  for (const button of document.querySelectorAll("nav button")) {
    button.setAttribute("aria-current", String(button.dataset.recording === state.active));
  }
}
setInterval(follow, 200);
// the viewer takes keys anywhere in the document
for (const event of ["pointerdown", "keydown", "drop"]) {
  addEventListener(event, ({ target }) => target.closest?.("nav") || (wanted = undefined), { capture: true });
}

const isOpen = (recordingId) => state.recordings.some((one) => one.recordingId === recordingId);

function choose(recordingId) {
  state.chosen = recordingId;
  if (!isOpen(recordingId)) openTrace(recordingId, 4000);
  want(recordingId);
}

/**
 * A viewer tells nobody that it could not fetch something, or that it forgot about it while it drew: it is asked again, ever less often.
 * One at rest looks at what it was asked only when it draws, and the pointer, which is over the list, does not make it.
 */
function openTrace(recordingId, patience) {
  viewer.open(new URL("/traces/" + recordingId + ".rrd", location.href).href);
  document.querySelector("main canvas")?.dispatchEvent(new MouseEvent("mouseleave"));
  setTimeout(() => {
    if (state.chosen === recordingId && !isOpen(recordingId)) openTrace(recordingId, 2 * patience);
  }, patience);
}

function element(name, text, className) {
  const made = document.createElement(name);
  made.append(text);
  if (className) made.className = className;
  return made;
}

function addTo(list, recordingId, parts, className) {
  const button = element("button", "", className);
  button.dataset.recording = recordingId;
  button.append(...parts);
  button.addEventListener("click", () => choose(recordingId));
  const item = document.createElement("li");
  item.append(button);
  list.append(item);
}

/** Recordings as they were opened; those of traces only where the list of traces is there and lacks them. */
let isListed = !hasTraces;
const everListed = new Set();
function addRecordings() {
  for (const recording of state.recordings) {
    const { recordingId, applicationId, name } = recording;
    if (isTrace(recording) && (isLive || !isListed)) continue;
    if ([...document.querySelectorAll("nav button")].some((button) => button.dataset.recording === recordingId)) continue;
    if (isTrace(recording) && everListed.has(recordingId)) continue;
    addTo(runs, recordingId, [name ?? recordingId, element("small", applicationId)]);
  }
}

function traceParts({ name, service, status, failed, duration, startedAt, spans }) {
  const time = element("time", startedAt.slice(11, 23));
  time.dateTime = startedAt;
  const small = element("small", "");
  small.append(service, " · ", spans + (spans === 1 ? " span" : " spans"), " · ", time);
  return [element("span", name, "name"), element("span", status, failed ? "status failed" : "status"), element("span", duration, "took"), small];
}

function showNav() {
  document.querySelector("nav").hidden = known.length < 2 && state.recordings.length < 2 && state.traces.length === 0 && where.value === "";
}

let asked = 0;
let shown = "";
async function list() {
  const no = ++asked;
  const only = errors.checked ? "status = error" : "";
  const typed = where.value.trim();
  const expression = only && typed ? only + " and (" + typed + ")" : only + typed;
  const answer = await fetch("/traces.json?where=" + encodeURIComponent(expression));
  if (!answer.ok) throw new Error("the list of traces cannot be read");
  const text = await answer.text();
  if (no !== asked || text === shown) return;
  shown = text;
  const { traces: listed, total, error } = JSON.parse(text);
  found.textContent = error ?? (listed.length < total ? "first " + listed.length + " of " + total : total + (total === 1 ? " trace" : " traces"));
  found.className = error ? "failed" : "";
  if (error) return;
  state.traces = listed;
  for (const { traceId } of listed) everListed.add(traceId);
  const { recording: focused } = document.activeElement?.dataset ?? {};
  traces.replaceChildren();
  for (const trace of listed) addTo(traces, trace.traceId, traceParts(trace), trace.failed ? "trace failed" : "trace");
  if (focused !== undefined) document.querySelector('#traces [data-recording="' + CSS.escape(focused) + '"]')?.focus();
  search.hidden = listed.length === 0 && expression === "";
  isListed = true;
  addRecordings();
  showNav();
  follow();
}

/** A long list takes the server a while, so it is asked for the more seldom; by a page that nobody looks at, not at all. */
async function keepListing() {
  const start = performance.now();
  try {
    if (!document.hidden) await list();
  } catch {
    return; // the program has ended, and the server with it: what is listed stays
  }
  setTimeout(keepListing, Math.max(2000, 10 * (performance.now() - start)));
}

let timer;
search.addEventListener("submit", (event) => event.preventDefault());
search.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => list().catch(fail), 150);
});

viewer.on("recording_open", ({ application_id: applicationId, recording_id: recordingId }) => {
  if (state.recordings.some((recording) => recording.recordingId === recordingId)) return;
  const recording = { applicationId, recordingId, name: known.find((one) => one.recordingId === recordingId)?.name };
  state.recordings.push(recording);
  addRecordings();
  showNav();
  want(state.chosen ?? (state.recordings.find((one) => !isTrace(one)) ?? state.recordings[0]).recordingId);
});

showNav();
if (isLive) keepListing();
else if (hasTraces) list().catch(fail);
try {
  await viewer.start(
    urls.map((url) => new URL(url, location.href).href),
    document.querySelector("main"),
    { width: "100%", height: "100%", hide_welcome_screen: true },
  );
  root.dataset.viewer = "ready";
} catch (error) {
  fail(error);
}
`;
