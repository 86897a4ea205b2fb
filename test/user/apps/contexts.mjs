// Two recordings and an Express app: each request logs in the `with` of its own recording, all of them interleaved.
import http from "node:http";
import express from "express";
import * as rr from "otel-rerun";

const recordings = ["left", "right"].map((name) => {
  const rec = new rr.RecordingStream(name);
  rec.save(`${process.env.FOLDER}/${name}.rrd`);
  return rec;
});
const app = express();
app.use(express.json());
app.post("/:side/:n", (req, res) => {
  const rec = recordings[req.params.side === "left" ? 0 : 1];
  rec.with(async () => {
    for (let i = 0; i < 5; i++) {
      rr.setTime("step", { sequence: i });
      rr.log("value", new rr.TextLog(`${req.params.side} ${req.params.n} ${i}`));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 4));
    }
    res.json({});
  });
});
const server = app.listen(0, "127.0.0.1", async () => {
  const { port } = server.address();
  await Promise.all(
    Array.from({ length: 200 }, (_, n) => {
      const path = `/${n % 2 ? "left" : "right"}/${n}`;
      return new Promise((resolve, reject) => {
        const headers = { "content-type": "application/json" };
        const req = http.request({ host: "127.0.0.1", port, method: "POST", path, headers, agent: false }, (res) =>
          res.resume().on("end", resolve),
        );
        req.on("error", reject).end('{"a":1}');
      });
    }),
  );
  server.close();
});
