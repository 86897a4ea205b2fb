import { type ChildProcess, spawn } from "node:child_process";
import { fromBinary } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { afterEach, describe, expect, inject, it } from "vitest";
import { StoreKind } from "../../../src/rrd/proto/rerun/common/v1alpha1/common_pb.ts";
import { ArrowMsgSchema } from "../../../src/rrd/proto/rerun/log_msg/v1alpha1/log_msg_pb.ts";
import { MessageProxyService } from "../../../src/rrd/proto/rerun/sdk_comms/v1alpha1/sdk_comms_pb.ts";
import { script } from "./cases.ts";

const { plain } = inject("consumers");
const servers: ChildProcess[] = [];
const readers: AbortController[] = [];
afterEach(() => {
  for (const reader of readers.splice(0)) reader.abort();
  for (const server of servers.splice(0)) server.kill("SIGKILL");
});

/** The program that serves, and its address. */
function serve(env: Record<string, string> = {}): Promise<{ server: ChildProcess; baseUrl: string }> {
  const server = spawn(process.execPath, [script(plain, "server")], {
    cwd: plain,
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  servers.push(server);
  return new Promise((resolve, reject) => {
    let text = "";
    server.stdout?.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
      const found = /rerun\+(http:\/\/127\.0\.0\.1:\d+)\/proxy\n/.exec(text);
      if (found) resolve({ server, baseUrl: found[1] as string });
    });
    server.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  });
}

/** What a client that connects now is told, in one word each; grows. */
function read(baseUrl: string): string[] {
  const controller = new AbortController();
  readers.push(controller);
  const seen: string[] = [];
  const client = createClient(MessageProxyService, createGrpcTransport({ baseUrl }));
  void (async () => {
    for await (const { logMsg } of client.readMessages({}, { signal: controller.signal })) {
      if (logMsg?.msg.case !== "arrowMsg") {
        seen.push("persistent");
        continue;
      }
      const { storeId, isStatic } = fromBinary(ArrowMsgSchema, logMsg.msg.value);
      seen.push(storeId?.kind === StoreKind.BLUEPRINT ? "persistent" : isStatic ? "static" : "temporal");
    }
  })().catch(() => {});
  return seen;
}

const count = (seen: readonly string[], what: string) => seen.filter((one) => one === what).length;

describe("a client that comes late", () => {
  it("C21 gets what is persistent, what is static, what is temporal, in that order, and then what comes", async () => {
    const { server, baseUrl } = await serve();
    const seen = read(baseUrl);
    await expect.poll(() => count(seen, "temporal"), { timeout: 20_000 }).toBe(20);
    const order = seen.filter((one, at) => one !== seen[at - 1]);
    expect(order).toEqual(["persistent", "static", "temporal"]);
    expect(count(seen, "static")).toBe(2); // the row, and the recording's properties
    server.stdin?.write("more");
    await expect.poll(() => count(seen, "temporal"), { timeout: 20_000 }).toBe(23);
  });

  it("C21 of a history at its limit misses temporal chunks first, and never a blueprint", async () => {
    const persistent = count(await settled(read((await serve()).baseUrl), 20), "persistent");
    const seen = await settled(read((await serve({ LIMIT: "48KiB", ROWS: "300" })).baseUrl), 1);
    expect(count(seen, "persistent")).toBe(persistent);
    expect(count(seen, "static")).toBe(2);
    expect(count(seen, "temporal")).toBeLessThan(300);
  });
});

/** Once the client has at least so many temporal chunks, and no more come. */
async function settled(seen: string[], atLeast: number): Promise<readonly string[]> {
  let before = -1;
  const isStill = (): boolean => {
    const still = seen.length === before;
    before = seen.length;
    return still && count(seen, "temporal") >= atLeast;
  };
  await expect.poll(isStill, { timeout: 20_000, interval: 300 }).toBe(true);
  return seen;
}
