// A server whose child sends it requests. Ends with exit code 5, or when it is told to by SIGTERM.
import { fork } from "node:child_process";
import http from "node:http";

if (process.argv[2] === "child") {
  for (let i = 0; i < 3; i++) await (await fetch(`http://127.0.0.1:${process.argv[3]}/`)).text();
} else {
  const server = http.createServer((_, response) => response.end("hello"));
  server.listen(0, "127.0.0.1", () => {
    const child = fork(process.argv[1], ["child", String(server.address().port)]);
    child.on("exit", () => {
      if (process.env.MODE === "wait") console.log(`waiting, started by ${process.ppid}`);
      else process.exit(5);
    });
  });
  process.on("SIGTERM", () => process.exit(7));
}
