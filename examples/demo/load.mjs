// Real HTTP traffic for the demo: a fixed mix of requests from a number of keep-alive connections.
import http from "node:http";

/** Requests and how often they come; `route` is what Express calls it. */
const MIX = [
  { weight: 30, route: "GET /products", make: () => ({ method: "GET", path: "/products" }) },
  { weight: 34, route: "GET /products/:id", make: (n) => ({ method: "GET", path: `/products/${(n % 40) + 1}` }) },
  { weight: 4, route: "GET /products/:id", make: () => ({ method: "GET", path: "/products/999" }) },
  {
    weight: 18,
    route: "POST /orders",
    make: (n) => ({ method: "POST", path: "/orders", body: { product: ((n * 7) % 40) + 1, quantity: (n % 3) + 1 } }),
  },
  { weight: 4, route: "POST /orders", make: () => ({ method: "POST", path: "/orders", body: { product: "x" } }) },
  { weight: 6, route: "GET /reports/sales", make: () => ({ method: "GET", path: "/reports/sales?token=demo-secret" }) },
  { weight: 4, route: "GET /recommendations", make: () => ({ method: "GET", path: "/recommendations" }) },
];
const TOTAL = MIX.reduce((sum, { weight }) => sum + weight, 0);

function pick(n) {
  let rest = (n * 61) % TOTAL; // every part of the mix from the start, the same on every run
  for (const part of MIX) {
    if (rest < part.weight) return part;
    rest -= part.weight;
  }
  return MIX[0];
}

function request(agent, port, { method, path, body }) {
  return new Promise((resolve, reject) => {
    const json = body === undefined ? undefined : JSON.stringify(body);
    const headers =
      json === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(json) };
    const req = http.request({ agent, host: "127.0.0.1", port, method, path, headers }, (res) => {
      res.resume();
      res.on("end", () => resolve(res.statusCode));
      res.on("error", reject);
    });
    req.on("error", reject);
    req.end(json);
  });
}

/**
 * Drives the server for `seconds` from `connections` connections, at most about `perSecond` requests a second.
 * Returns how many answers came, by route and by status.
 */
export async function drive({ port, seconds, connections = 12, perSecond = 160, onProgress = () => {} }) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const byRoute = {};
  const byStatus = {};
  const start = performance.now();
  let sent = 0;
  let answered = 0;
  async function connection() {
    for (;;) {
      const elapsed = (performance.now() - start) / 1000;
      if (elapsed >= seconds) return;
      if (sent >= elapsed * perSecond) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        continue;
      }
      const { route, make } = pick(sent);
      const status = await request(agent, port, make(sent++));
      byRoute[route] = (byRoute[route] ?? 0) + 1;
      byStatus[status] = (byStatus[status] ?? 0) + 1;
      onProgress(++answered, Math.min(seconds, elapsed));
    }
  }
  await Promise.all(Array.from({ length: connections }, connection));
  agent.destroy();
  return { requests: answered, byRoute, byStatus, seconds: (performance.now() - start) / 1000 };
}
