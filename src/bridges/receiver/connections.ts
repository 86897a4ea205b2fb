import type { Socket } from "node:net";

/**
 * Open connections, bounded (I7). When there are too many, the one makes room that is idle for longest; first among those that never had
 * an answer, so that ten thousand connections of nobody do not cut off the clients that send.
 */
export class Connections {
  readonly #limit: number;
  /** Requests under way. */
  readonly #requests = new Map<Socket, number>();
  readonly #strangers = new Set<Socket>();
  readonly #clients = new Set<Socket>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  opened(connection: Socket): void {
    if (this.#requests.size >= this.#limit) {
      const [idle] = this.#strangers.size > 0 ? this.#strangers : this.#clients;
      if (idle === undefined) {
        setImmediate(() => connection.destroy()); // its server is not done with it now
        return;
      }
      this.#forget(idle);
      idle.destroy();
    }
    this.#requests.set(connection, 0);
    this.#strangers.add(connection);
    connection.once("close", () => this.#forget(connection));
  }

  /** A request has begun; `answer` ends with it. */
  busy(connection: Socket, answer: { once(event: "close", listener: () => void): unknown }): void {
    const requests = this.#requests.get(connection);
    if (requests === undefined) return;
    this.#requests.set(connection, requests + 1);
    this.#strangers.delete(connection);
    this.#clients.delete(connection);
    answer.once("close", () => this.#answered(connection));
  }

  /** Ends all, whatever their peers do. */
  destroy(): void {
    for (const connection of [...this.#requests.keys()]) connection.destroy();
  }

  #answered(connection: Socket): void {
    const requests = this.#requests.get(connection);
    if (requests === undefined) return;
    this.#requests.set(connection, requests - 1);
    if (requests === 1) this.#clients.add(connection);
  }

  #forget(connection: Socket): void {
    this.#requests.delete(connection);
    this.#strangers.delete(connection);
    this.#clients.delete(connection);
  }
}
