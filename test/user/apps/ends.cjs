// Logs COUNT numbers to PATH at once and as many when DELAY ms have passed (−1: at once), then ends as MODE says.
const rr = require("otel-rerun");

const { PATH_OF_FILE, MODE, COUNT, DELAY } = process.env;
const count = Number(COUNT);
const rec = rr.init("ends", { signals: MODE.startsWith("SIG") });
rec.save(PATH_OF_FILE);
let next = 0;
const log = (n) => {
  for (let i = 0; i < n; i++) rec.log("n", new rr.Scalars(next++));
};

const end = {
  natural: () => {},
  exit: () => process.exit(3),
  throw: () => {
    throw new Error("on purpose");
  },
  reject: () => void Promise.reject(new Error("on purpose")),
  shutdown: () => void rec.shutdown(),
  "exit listener": () => process.on("exit", () => log(1)),
};

function go() {
  log(count);
  if (MODE.startsWith("SIG")) {
    process.kill(process.pid, MODE);
    setInterval(() => {}, 1000);
  } else end[MODE]();
}

log(count);
if (Number(DELAY) < 0) go();
else setTimeout(go, Number(DELAY));
