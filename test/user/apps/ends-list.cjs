// Logs rows in bursts to SINK, and writes an independent list of them to LIST: how many there are, and when. Ends as MODE says after
// BURSTS bursts; MODE "killed…" goes on until somebody does it. With RERUN=off it shows how it would end without us.
const { openSync, writeSync } = require("node:fs");
const rr = require("otel-rerun");

const { PATH_OF_FILE, LIST, MODE, SINK, BURSTS = "40", DEAD = "rerun+http://127.0.0.1:1/proxy" } = process.env;
const ENTITIES = 5;
const ROWS = 10;
/** Saving so many takes longer than it takes a second signal to come. */
const MANY_ROWS = 200_000;
const list = openSync(LIST, "w");
// who listens before us, and who decides whether the process ends
if (MODE.endsWith("+signal-exit")) require("signal-exit").onExit(() => {});
const rec = rr.init("ends", { signals: /^SIG\w+(×2|\+signal-exit|\+pid1)?$/.test(MODE) });
if (SINK === "file") rec.save(PATH_OF_FILE);
if (SINK === "journal") rec.save(PATH_OF_FILE, { journal: true });
if (SINK === "tee") rec.setSinks([rr.fileSink(PATH_OF_FILE), rr.grpcSink(DEAD)]);
if (SINK === "stdout") rec.stdout();

let rows = 0;
function burst(count = ROWS) {
  for (let i = 0; i < count; i++) {
    rec.log(`n/${rows % ENTITIES}`, new rr.Scalars(rows));
    rows += 1;
  }
  writeSync(list, `${rows} ${performance.now()}\n`);
}

function raise(signal) {
  process.kill(process.pid, signal);
  setInterval(() => {}, 1000);
}

const ends = {
  natural() {},
  exit: () => process.exit(3),
  throw() {
    throw new Error("on purpose");
  },
  reject: () => void Promise.reject(new Error("on purpose")),
  "exit-listener": () => {
    process.on("exit", () => burst());
    process.exitCode = 4;
  },
  SIGTERM: () => raise("SIGTERM"),
  SIGINT: () => raise("SIGINT"),
  // somebody else sends both, when there is much to save
  "SIGTERM×2": () => stayFull(),
  "SIGINT×2": () => stayFull(),
  "SIGTERM+signal-exit": () => raise("SIGTERM"),
  "SIGINT+signal-exit": () => raise("SIGINT"),
  // the kernel does not deliver them to the first process of a container, which lives on, and records on
  "SIGTERM+pid1": () => {
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => burst(), 30);
  },
  "SIGINT+pid1": () => {
    process.kill(process.pid, "SIGINT");
    setTimeout(() => burst(), 30);
  },
  // somebody else sends it: no listener, no event loop
  "SIGTERM+busy": () => busy(),
  "SIGINT+busy": () => busy(),
  "heap-limit": () => {
    const kept = [];
    for (;;) {
      burst();
      for (let i = 0; i < 2000; i++) kept.push({ text: `${i} ${rows}`, list: [i, rows] });
    }
  },
  killed: () => setTimeout(run, 1),
  "killed-early": () => setTimeout(run, 1),
};

function stayFull() {
  burst(MANY_ROWS);
  console.error("full");
  setInterval(() => {}, 1000);
}

function busy() {
  console.error("busy");
  for (;;) {
    burst();
    const until = performance.now() + 1;
    while (performance.now() < until);
  }
}

let left = Number(BURSTS);
function run() {
  burst();
  if (--left > 0) setTimeout(run, 1);
  else ends[MODE]();
}
run();
