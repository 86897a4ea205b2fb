// An Express app that sends itself requests, some slow, some failing, and ends in the way MODE says: see per-request.test.ts.
const http = require("node:http");
const express = require("express");
const rr = require("otel-rerun");
const { recordPer } = require("otel-rerun/instrumentation");

if (process.env.PER === "tenant") recordPer((headers) => headers["x-tenant"], { idleMillis: 50 });

const app = express();
app.get("/items/:id", async function item(req, res) {
  rr.log("app/value", new rr.Scalars(Number(req.params.id)));
  console.log(`item ${req.params.id}`);
  await new Promise((resolve) => setTimeout(resolve, Number(req.query.wait ?? 1)));
  res.json({ id: req.params.id });
  if (req.query.late) setTimeout(() => console.log(`late ${req.params.id}`), 400);
});
app.get("/fails/:id", (req) => {
  throw new Error(`no ${req.params.id}`);
});
app.use((_error, _req, res, _next) => res.status(500).end());
app.get("/hangs", () => {
  if (process.env.MODE === "exit") setTimeout(() => process.exit(3), 200);
  if (process.env.MODE === "throw")
    setTimeout(() => {
      throw new Error("thrown on purpose");
    }, 200);
});

const server = app.listen(0, "127.0.0.1", async () => {
  const { port } = server.address();
  const get = (path, headers) =>
    new Promise((resolve) =>
      http.get({ host: "127.0.0.1", port, path, headers, agent: false }, (res) => res.resume().on("end", resolve)),
    );
  const paths = JSON.parse(process.env.PATHS);
  const { GAP, TENANTS = 3 } = process.env;
  const answers = [];
  for (const [at, path] of paths.entries()) {
    answers.push(get(path, { "x-tenant": `tenant ${at % TENANTS}` }));
    if (GAP) await new Promise((resolve) => setTimeout(resolve, Number(GAP)));
  }
  await Promise.all(answers);
  setTimeout(() => server.close(), 600);
});
