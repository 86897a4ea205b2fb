// An Express app that sends itself requests, logs a row in each, and ends in the way MODE says. LIST is its own list of what it logged.
const { appendFileSync } = require("node:fs");
const http = require("node:http");
const express = require(process.env.EXPRESS ?? "express");
const rr = require("otel-rerun");

const app = express();
let n = 0;
app.get("/items/:id", function item(req, res) {
  const value = ++n;
  rr.log("app/value", new rr.Scalars(value));
  appendFileSync(process.env.LIST, `${value}\n`);
  console.log(`item ${req.params.id}`);
  setTimeout(() => res.json({ value }), value % 7);
});
const server = app.listen(0, "127.0.0.1", () => {
  const { port } = server.address();
  let answered = 0;
  for (let i = 0; i < 60; i++) {
    http.get({ host: "127.0.0.1", port, path: `/items/${i}`, agent: false }, (res) => {
      res.resume();
      res.on("end", () => {
        answered++;
        if (answered === 30 && process.env.MODE === "exit") process.exit(3);
        if (answered === 30 && process.env.MODE === "throw")
          setImmediate(() => {
            throw new Error("thrown on purpose");
          });
        if (answered === 60) server.close();
      });
    });
  }
});
process.on("exit", () => {
  rr.log("app/last", new rr.TextLog("logged in an exit listener"));
  console.error(JSON.stringify({ recordingId: rr.getRecordingId(), applicationId: rr.getApplicationId() }));
});
