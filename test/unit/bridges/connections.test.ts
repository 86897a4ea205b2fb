import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { Connections } from "../../../src/bridges/receiver/connections.ts";

class FakeSocket extends EventEmitter {
  destroyed = false;
  destroy(): void {
    this.destroyed = true;
    this.emit("close");
  }
}

const open = (connections: Connections): FakeSocket => {
  const socket = new FakeSocket();
  connections.opened(socket as unknown as Socket);
  return socket;
};
/** A request of a client; ends it. */
const request = (connections: Connections, socket: FakeSocket): (() => void) => {
  const answer = new EventEmitter();
  connections.busy(socket as unknown as Socket, answer);
  return () => answer.emit("close");
};

describe("too many connections", () => {
  it("whoever never asked for anything makes room before a client that waits, however old that is", () => {
    const connections = new Connections(2);
    const client = open(connections);
    request(connections, client)();
    const strangers = Array.from({ length: 100 }, () => open(connections));
    expect(client.destroyed).toBe(false);
    expect(strangers.filter(({ destroyed }) => !destroyed)).toHaveLength(1);
    expect(strangers.at(-1)?.destroyed).toBe(false);
  });

  it("a request under way is never cut off; the new connection is", async () => {
    const connections = new Connections(2);
    const clients = [open(connections), open(connections)];
    const ends = clients.map((client) => request(connections, client));
    const late = open(connections);
    await new Promise((resolve) => setImmediate(resolve));
    expect([...clients, late].map(({ destroyed }) => destroyed)).toEqual([false, false, true]);
    ends[0]?.();
    expect(open(connections).destroyed).toBe(false);
    expect(clients.map(({ destroyed }) => destroyed)).toEqual([true, false]);
  });

  it("a connection with two calls is busy until the second ends", () => {
    const connections = new Connections(1);
    const client = open(connections);
    const [first, second] = [request(connections, client), request(connections, client)];
    first();
    open(connections);
    expect(client.destroyed).toBe(false);
    second();
    open(connections);
    expect(client.destroyed).toBe(true);
  });
});
