// An Express app that ends when it has answered one request.
require("./report.cjs");
const { createRequire } = require("node:module");
const http = require("node:http");
const express = createRequire(require.resolve("../peers/package.json"))("express");

const app = express();
app.get("/items/:id", (req, res) => res.json({ id: req.params.id }));
const server = app.listen(0, "127.0.0.1", () => {
  http.get({ port: server.address().port, path: "/items/1", agent: false }, (res) => {
    if (res.statusCode !== 200) throw new Error(`answered ${res.statusCode}`);
    res.resume().once("end", () => process.exit(0));
  });
});
