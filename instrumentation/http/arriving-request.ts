import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import type { RequestHeaders } from "../../src/recording/process/process-state.ts";

/** What Node publishes just before a server emits `'request'`. */
const CHANNEL = "http.server.request.start";

/**
 * The headers of the request that is being handed to a server at this moment. Whoever instruments HTTP starts the request's span then,
 * and a span does not know them.
 */
export class ArrivingRequest implements Disposable {
  #headers: RequestHeaders | undefined;
  readonly #arrives = (message: unknown): void => {
    this.#headers = (message as { readonly request: IncomingMessage }).request.headers;
    // the server's listeners have run by then
    queueMicrotask(() => {
      this.#headers = undefined;
    });
  };

  constructor() {
    subscribe(CHANNEL, this.#arrives);
  }

  get headers(): RequestHeaders | undefined {
    return this.#headers;
  }

  [Symbol.dispose](): void {
    unsubscribe(CHANNEL, this.#arrives);
  }
}
