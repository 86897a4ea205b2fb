/**
 * What runs in the page. It is text because it belongs to the browser: it is not compiled with the rest and imports the
 * viewer from the server.
 *
 * Tests and tools read its state: `document.documentElement.dataset.viewer` is loading, ready or failed;
 * `window.otelRerun` holds the recordings that were opened, the active one and the errors.
 *
 * A file may hold the recording of a whole run and recordings of single traces (application id `<app> requests`). Viewers
 * show the one that was opened last; the page shows the run's.
 */
export const PAGE_SCRIPT = `
import { WebViewer } from "/viewer/index.js";

const root = document.documentElement;
const list = document.querySelector("nav ul");
const { urls, recordings: known } = JSON.parse(document.getElementById("opened").textContent);
const state = (window.otelRerun = { recordings: [], active: undefined, chosen: undefined, errors: [] });
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

// The viewer activates a recording some frames after it has announced it, so once is not enough: it is asked again until
// no recording was opened for a while, or the user has taken over.
const SETTLED_MILLIS = 3000;
let wanted;
let insistUntil = 0;

function want(recording) {
  wanted = recording?.recordingId;
  insistUntil = performance.now() + SETTLED_MILLIS;
  follow();
}

function follow() {
  if (!viewer.ready || state.recordings.length === 0) return;
  if (wanted !== undefined && performance.now() < insistUntil && viewer.get_active_recording_id() !== wanted) {
    viewer.set_active_recording_id(wanted);
  }
  state.active = viewer.get_active_recording_id() ?? undefined;
  for (const button of list.querySelectorAll("button")) {
    button.setAttribute("aria-current", String(button.dataset.recording === state.active));
  }
}
setInterval(follow, 200);
for (const event of ["pointerdown", "keydown"]) {
  document.querySelector("main").addEventListener(event, () => (insistUntil = 0), { capture: true });
}

function addToList(recording) {
  const button = document.createElement("button");
  button.dataset.recording = recording.recordingId;
  button.append(recording.name ?? recording.recordingId);
  const application = document.createElement("small");
  application.append(recording.applicationId);
  button.append(application);
  button.addEventListener("click", () => {
    state.chosen = recording;
    want(recording);
  });
  const item = document.createElement("li");
  item.append(button);
  if (isTrace(recording)) list.append(item);
  else list.prepend(item);
}

viewer.on("recording_open", ({ application_id: applicationId, recording_id: recordingId }) => {
  if (state.recordings.some((recording) => recording.recordingId === recordingId)) return;
  const recording = { applicationId, recordingId, name: known.find((one) => one.recordingId === recordingId)?.name };
  state.recordings.push(recording);
  addToList(recording);
  document.querySelector("nav").hidden = state.recordings.length < 2;
  want(state.chosen ?? state.recordings.find((one) => !isTrace(one)) ?? state.recordings[0]);
});

document.querySelector("nav").hidden = known.length < 2;
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
