import type { LogMessage } from "../../rrd/log-message.ts";
import { isTimeless, Prelude } from "../prelude.ts";
import { isData, ownedMessage } from "../sink-tally.ts";

/** What leaves the window is still needed if it is true at all times. */
const PRELUDE_BYTES = 64 << 20;

/**
 * What a proxy has to be told again if it has lost it, and what it was not told yet.
 *
 *   prelude │ sent ───────────▶│ waiting ──────▶
 *   timeless│ oldest goes      ▲ next            at the limit the oldest temporal chunk goes, and is lost if it was not sent
 *
 * I7: `maxBytes` of payload, the prelude apart, which is bounded too.
 */
export class ReplayWindow {
  readonly #maxBytes: number;
  readonly #onLost: (message: LogMessage) => void;
  readonly #prelude = new Prelude(isTimeless, PRELUDE_BYTES);
  #messages: LogMessage[] = [];
  #bytes = 0;
  /** Index of the first that waits. */
  #next = 0;
  #total = 0;

  constructor(maxBytes: number, onLost: (message: LogMessage) => void) {
    this.#maxBytes = maxBytes;
    this.#onLost = onLost;
  }

  /** Messages that were ever added. */
  get total(): number {
    return this.#total;
  }

  /** So many of them are sent, or lost. */
  get position(): number {
    return this.#total - (this.#messages.length - this.#next);
  }

  get byteLength(): number {
    return this.#bytes;
  }

  add(message: LogMessage): void {
    this.#messages.push(ownedMessage(message));
    this.#bytes += message.payload.length;
    this.#total += 1;
    if (this.#bytes > this.#maxBytes) this.#makeRoom();
  }

  /** The next that waits; it counts as sent. */
  take(): LogMessage | undefined {
    const message = this.#messages[this.#next];
    if (message !== undefined) this.#next += 1;
    return message;
  }

  /** Goes back to where that many were sent or lost, as far as it is still there. Returns how many wait before where it was. */
  goBackTo(position: number): number {
    const next = this.#next;
    this.#next = Math.max(0, Math.min(next, next - (this.position - position)));
    return next - this.#next;
  }

  /** A new connection: everything is to be sent once more, behind what is returned here. */
  rewind(): readonly LogMessage[] {
    this.#next = 0;
    const prelude: LogMessage[] = [];
    this.#prelude.replay((message) => prelude.push(message));
    return prelude;
  }

  /** What waits is lost, and what was sent behind so many messages. */
  close(taken: number): void {
    const untaken = Math.max(0, this.#messages.length - (this.#total - taken));
    for (const message of this.#messages.slice(Math.min(this.#next, untaken))) this.#onLost(message);
    this.#messages = [];
    this.#bytes = 0;
    this.#next = 0;
  }

  /** Frees an eighth at a time, so that a full window is not searched for every message. */
  #makeRoom(): void {
    const target = this.#maxBytes - this.#maxBytes / 8;
    const next = this.#next;
    let sent = 0;
    this.#messages = this.#messages.filter((message, at) => {
      const isSent = at < next;
      const goes = this.#bytes > target && (isSent || (message.kind === "arrow" && !isTimeless(message)));
      if (goes) {
        this.#bytes -= message.payload.length;
        if (isSent) this.#prelude.observe(message);
        else this.#onLost(message);
      } else if (isSent) {
        sent += 1;
      }
      return !goes;
    });
    this.#next = sent;
    if (this.#bytes > this.#maxBytes) this.#dropTimeless(target);
  }

  /** Nothing else waits: the oldest static rows go; store infos and blueprints are told from the prelude, when somebody comes. */
  #dropTimeless(target: number): void {
    for (const goes of [isData, () => true]) {
      this.#messages = this.#messages.filter((message) => {
        const stays = this.#bytes <= target || !goes(message);
        if (stays) return true;
        this.#bytes -= message.payload.length;
        if (isData(message)) this.#onLost(message);
        else this.#prelude.observe(message);
        return false;
      });
    }
    this.#next = 0;
  }
}
