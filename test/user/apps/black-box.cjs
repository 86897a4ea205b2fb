// An Express app that keeps its last minute in memory, and does what MODE says: see black-box.test.ts.
const http = require("node:http");
const net = require("node:net");
const express = require("express");
const rr = require("otel-rerun");

const app = express();
app.get("/items/:id", function item(req, res) {
  rr.log("app/value", new rr.Scalars(Number(req.params.id)));
  console.log(`item ${req.params.id}`);
  res.json({ id: req.params.id });
});
app.get("/fails", (_req, res) => res.status(503).end());
app.get("/stalls", (_req, res) => {
  const end = Date.now() + Number(process.env.STALL);
  while (Date.now() < end);
  res.end();
});

const server = app.listen(0, "127.0.0.1", async () => {
  const { port } = server.address();
  const get = (path) =>
    new Promise((resolve) =>
      http.get({ host: "127.0.0.1", port, path, agent: false }, (res) => res.resume().on("end", resolve)),
    );
  rr.log("app/once", new rr.TextLog("at the beginning"), { static: true });
  rr.log("app/early", new rr.Scalars(1));
  for (let i = 0; i < Number(process.env.ROUNDS ?? 20); i++) await get(`/items/${i}`);
  process.send?.("ready");
  if (process.env.MODE === "throw")
    setImmediate(() => {
      throw new Error("thrown on purpose with password=hunter2");
    });
  else if (process.env.MODE === "http5xx") {
    // not a client that is traced itself: the trace ends with the request
    net.connect(port, "127.0.0.1").end("GET /fails HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n").resume();
  } else if (process.env.MODE === "stall") {
    await get("/stalls");
    process.send?.("stalled");
    console.log("unblocked");
  }
  if (process.env.MODE === "end") server.close();
});
process.on("message", () => process.exit(0));
