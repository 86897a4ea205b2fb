// A server that runs until it is stopped.
import express from "express";

const app = express();
app.get("/items/:id", (req, res) => {
  console.log(`item ${req.params.id}`);
  res.json({ id: req.params.id });
});
const server = app.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/`));
