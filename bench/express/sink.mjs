// An OTLP receiver on loopback that takes everything and answers success.
import http from "node:http";

const server = http.createServer((req, res) => {
  req.resume();
  req.on("end", () => res.setHeader("content-type", "application/x-protobuf").end());
});
server.listen(0, "127.0.0.1", () => process.send(`http://127.0.0.1:${server.address().port}/v1/traces`));
process.on("disconnect", () => process.exit(0));
