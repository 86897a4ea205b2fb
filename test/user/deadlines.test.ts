// `flush` and `shutdown` keep their deadline in every state of a sink that cannot deliver, and say that it did not (C28).
import { spawn } from "node:child_process";
import { createServer as createProxy } from "node:http2";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, inject, it } from "vitest";

const { plain } = inject("consumers");

const DEADLINE_MILLIS = 300;
/** A machine that is busy with other things is not what this is about. */
const LATEST_MILLIS = 5 * DEADLINE_MILLIS;

interface Told {
  readonly connection?: string;
  readonly flush: Answer;
  readonly shutdown: Answer;
  readonly again: Answer;
}

interface Answer {
  readonly code: string;
  readonly status?: string;
  readonly millis: number;
}

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** How a sink can be: what is at the port that it sends to, if it sends to one, and what its status says then. */
const STATES: readonly {
  readonly state: string;
  readonly connection?: string | undefined;
  readonly port?: () => Promise<number>;
}[] = [
  {
    state: "never there",
    connection: "connecting",
    async port() {
      const server = createServer();
      const port = await listening(server);
      await new Promise((resolve) => server.close(resolve));
      return port;
    },
  },
  { state: "mute", port: () => listening(createServer()) },
  {
    state: "paused",
    connection: "connected",
    port() {
      const proxy = createProxy();
      proxy.on("stream", (stream) => stream.on("error", () => {}).pause());
      return listening(proxy as unknown as Server);
    },
  },
  {
    state: "lost connection",
    connection: "lost",
    port() {
      const proxy = createProxy();
      proxy.on("stream", (stream) => {
        stream.on("error", () => {});
        proxy.close();
        stream.session?.destroy();
      });
      return listening(proxy as unknown as Server);
    },
  },
  { state: "stuck pipe" },
  { state: "slow callback" },
];

/** Its standard output is a pipe that nobody reads. */
function run(env: Record<string, string>): Promise<{ status: number | null; stderr: string; told: Told }> {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, ["apps/deadlines.cjs"], {
    cwd: plain,
    env: { PATH, HOME, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), 60_000);
  return new Promise((resolve) => {
    child.on("exit", (status) => {
      clearTimeout(timer);
      setImmediate(() => resolve({ status, stderr, told: JSON.parse(/^\{.*\}$/m.exec(stderr)?.[0] ?? "{}") as Told }));
    });
  });
}

describe.each(["thread", "inline"])(
  "writer %s: flush and shutdown within their deadline, and not delivered",
  (writer) => {
    it.each(STATES)("$state", async ({ state, connection, port }) => {
      const { status, stderr, told } = await run({
        OTEL_RERUN_WRITER: writer,
        STATE: state,
        DEADLINE: String(DEADLINE_MILLIS),
        ...(port !== undefined && { URL: `rerun+http://127.0.0.1:${await port()}/proxy` }),
        ...(connection !== undefined && { CONNECTION: connection }),
      });
      expect(status, stderr).toBe(0);
      if (connection !== undefined) expect(told.connection, stderr).toBe(connection);
      for (const { code, millis } of [told.flush, told.shutdown]) {
        expect(code, stderr).toMatch(/^ERR_RERUN_(SINK|FLUSH_TIMEOUT)$/);
        expect(millis, stderr).toBeLessThan(LATEST_MILLIS);
      }
      expect(told.flush.status, stderr).toMatch(/^(late|failed)$/);
      expect(told.again.code, stderr).toBe("delivered"); // it has ended: there is nothing more to say
    });
  },
);
