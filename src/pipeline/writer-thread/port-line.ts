import { type BroadcastChannel, type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { Line } from "./thread-messages.ts";

/** A line over a port of Node's, whose messages can also be fetched while the event loop is blocked. */
export class PortLine<Out, In> implements Line<Out, In> {
  readonly #port: MessagePort | BroadcastChannel;

  constructor(port: MessagePort | BroadcastChannel) {
    this.#port = port;
  }

  post(message: Out): void {
    this.#port.postMessage(message);
  }

  receive(): In | undefined {
    return receiveMessageOnPort(this.#port as MessagePort)?.message;
  }

  /** Takes all that has arrived. */
  drain(take: (message: In) => void): void {
    for (let message = this.receive(); message !== undefined; message = this.receive()) take(message);
  }

  onMessage(take: (message: In) => void): void {
    // a broadcast channel is an EventTarget, a port is one as well
    (this.#port as MessagePort & EventTarget).addEventListener("message", (event) => {
      take((event as unknown as { readonly data: In }).data);
    });
    if ("start" in this.#port) this.#port.start();
  }

  /** Whether waiting for messages keeps the process alive. */
  keepsAlive(keeps: boolean): void {
    const port = this.#port as MessagePort;
    if (keeps) port.ref();
    else port.unref();
  }

  close(): void {
    this.#port.close();
  }
}
