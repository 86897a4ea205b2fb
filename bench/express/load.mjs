// A closed loop over raw keep-alive sockets, so that the generator costs little beside the server on the same machine.
import net from "node:net";

const REQUEST = Buffer.from("GET /items/42 HTTP/1.1\r\nhost: 127.0.0.1\r\nuser-agent: bench\r\n\r\n");

/** Sends `requests` requests over `connections` sockets, each its next one when the answer is there. Resolves when all are answered. */
export function closedLoop({ port, requests, connections = 16 }) {
  return new Promise((resolve, reject) => {
    let sent = 0;
    let answered = 0;
    const sockets = Array.from({ length: connections }, () => {
      const socket = net.connect(port, "127.0.0.1", send);
      let pending = "";
      function send() {
        if (sent < requests && sent++ < requests) socket.write(REQUEST);
      }
      socket.setNoDelay(true).setEncoding("latin1");
      socket.on("error", reject);
      socket.on("data", (text) => {
        pending += text;
        const head = pending.indexOf("\r\n\r\n");
        if (head < 0) return;
        const length = Number(/content-length: (\d+)/i.exec(pending)?.[1]);
        if (pending.length < head + 4 + length) return;
        if (!pending.startsWith("HTTP/1.1 200")) reject(new Error(pending.slice(0, 100)));
        pending = "";
        if (++answered === requests) {
          for (const open of sockets) open.destroy();
          resolve();
        } else send();
      });
      return socket;
    });
  });
}
