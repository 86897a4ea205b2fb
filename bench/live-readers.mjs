// CLIENTS viewers of a server at URL, each with a connection of its own: prints "ready" when all read, and when nothing has come for a while
// one JSON line with the seconds from the first message to the last one, and how many bytes each got. They read frames and decode nothing.
import { connect } from "node:http2";

const { URL: url, CLIENTS = "10" } = process.env;
const QUIET_MILLIS = 1500;
const base = url.replace(/^rerun\+/, "").replace(/\/proxy$/, "");

let first;
let last = 0;
let begun = false;
const bytes = Array(Number(CLIENTS)).fill(0);
const sessions = [];

await Promise.all(
  bytes.map((_, client) => {
    const session = connect(base);
    // windows that a busy reader would grow to as well
    session.once("connect", () => session.setLocalWindowSize(16 << 20));
    sessions.push(session);
    const request = session.request({
      ":method": "POST",
      ":path": "/rerun.sdk_comms.v1alpha1.MessageProxyService/ReadMessages",
      "content-type": "application/grpc",
      te: "trailers",
    });
    request.end(Buffer.alloc(5)); // an empty message
    return new Promise((ready, failed) => {
      request.once("response", ready).once("error", failed);
      request.on("data", (piece) => {
        if (!begun) return; // what was there before
        last = performance.now();
        first ??= last;
        bytes[client] += piece.length;
      });
    });
  }),
);
await new Promise((resolve) => setTimeout(resolve, 300));
begun = true;
console.log("ready");
const watch = setInterval(() => {
  if (first === undefined || performance.now() - last < QUIET_MILLIS) return;
  clearInterval(watch);
  console.log(JSON.stringify({ wall: (last - first) / 1e3, bytes }));
  for (const session of sessions) session.destroy();
}, 100);
