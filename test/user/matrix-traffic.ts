import http from "node:http";

export const TENANTS = ["red", "green", "blue", "amber"];
export const tenantOf = (n: number): string => TENANTS[(n * 7) % TENANTS.length] ?? "";

/** What request `n` does: most have a body; some fail, some are given up by the client, some have a parent that was not sampled. */
export type Kind = "order" | "fail" | "slow" | "unsampled";
export const kindOf = (n: number): Kind =>
  n % 10 === 6 ? "fail" : n % 10 === 7 ? "slow" : n % 10 === 8 ? "unsampled" : "order";

/** The trace of request `n`; says which one it is. */
export const traceIdOf = (n: number): string => (n + 1).toString(16).padStart(32, "0");
export const numberOf = (traceId: string): number => Number.parseInt(traceId, 16) - 1;

/** Sends `count` requests over few connections that are used again and again, tenants mixed, many at once. */
export async function sendTraffic(port: number, count: number): Promise<void> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
  let next = 0;
  const sender = async () => {
    while (next < count) await send(port, next++, agent);
  };
  await Promise.all(Array.from({ length: 64 }, sender));
  agent.destroy();
}

/** Resolves when the answer is there; for a "slow" one, when its beginning was, and the connection is cut. */
function send(port: number, n: number, agent: http.Agent): Promise<void> {
  const kind = kindOf(n);
  const isPost = kind === "order" || kind === "unsampled";
  const path = `/${isPost ? "orders" : kind}/${n}`;
  const headers = {
    "x-tenant": tenantOf(n),
    "x-number": `${n}`,
    traceparent: `00-${traceIdOf(n)}-00000000000000aa-0${kind === "unsampled" ? 0 : 1}`,
    ...(isPost && { "content-type": "application/json" }),
  };
  return new Promise((resolve, reject) => {
    const request = http.request({ host: "127.0.0.1", port, path, headers, agent, method: isPost ? "POST" : "GET" });
    request.on("error", reject);
    request.on("response", (response) => {
      response.on("error", () => {});
      if (kind === "slow") {
        // the server is still at it
        response.once("data", () => {
          setTimeout(() => {
            response.destroy();
            resolve();
          }, 20);
        });
      } else {
        response.resume().on("end", resolve);
      }
    });
    request.end(isPost ? JSON.stringify({ n, text: "x".repeat(n % 3000) }) : undefined);
  });
}

export function end(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    http
      .get({ host: "127.0.0.1", port, path: "/end", agent: false }, (response) => response.resume().on("end", resolve))
      .on("error", reject);
  });
}
