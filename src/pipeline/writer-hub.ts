import { BroadcastChannel } from "node:worker_threads";
import { PortLine } from "./port-line.ts";
import type { Definition } from "./record.ts";
import type { OutstandingRing } from "./ring-producer.ts";
import type { WriterThread } from "./start-writer-thread.ts";
import { clockOffset } from "./thread-clock.ts";
import type { FromWriter, ToWriter, WriterHandle } from "./thread-messages.ts";

/** A thread asks the writer to read its ring. */
export interface JoinMessage {
  readonly type: "join";
  readonly no: number;
  /** Where the two talk from then on. */
  readonly channel: string;
  readonly ring: OutstandingRing;
  /** What records behind the ring's durable end refer to. */
  readonly definitions: readonly Definition[];
  readonly clockOffset: number;
}

type HubMessage = JoinMessage | { readonly type: "writer" };

/**
 * Where the threads of a process find its writer, by name: a port could be handed on only once.
 *
 *   thread ── join, on the hub ──▶ writer          all the threads hear it, the writer answers on a channel of the two
 *   writer ── "writer", on the hub ──▶ threads     a writer is there now: who wanted to join, or had joined the one before, joins
 */
export function serveHub(
  name: string,
  onJoin: (join: JoinMessage, line: PortLine<FromWriter, ToWriter>) => void,
): void {
  const hub = new BroadcastChannel(name);
  const channels = new Map<string, PortLine<FromWriter, ToWriter>>();
  const line = new PortLine<HubMessage, HubMessage>(hub);
  line.onMessage((message) => {
    if (message.type !== "join") return;
    let channel = channels.get(message.channel);
    if (channel === undefined) {
      channel = new PortLine(new BroadcastChannel(message.channel));
      channel.keepsAlive(false);
      channels.set(message.channel, channel);
    }
    onJoin(message, channel);
    channel.post({ type: "joined" });
  });
  line.keepsAlive(false);
  line.post({ type: "writer" });
}

export interface JoinOptions {
  readonly handle: WriterHandle;
  readonly no: number;
  readonly ring: () => OutstandingRing;
  readonly definitions: () => readonly Definition[];
  readonly isJoined: () => boolean;
}

/**
 * The writer of the process, from another of its threads. Until it listens nothing is said to it: it gets all there is when the ring
 * is at rest.
 */
export function joinWriter({ handle, no, ring, definitions, isJoined }: JoinOptions): WriterThread {
  const channel = `${handle.hub} ${no}`;
  const line = new PortLine<ToWriter, FromWriter>(new BroadcastChannel(channel));
  const hub = new PortLine<HubMessage, HubMessage>(new BroadcastChannel(handle.hub));
  let isReady = false;
  const join = (): void => {
    isReady = false;
    hub.post({ type: "join", no, channel, ring: ring(), definitions: definitions(), clockOffset: clockOffset() });
  };
  hub.onMessage((message) => {
    if (message.type === "writer") join();
  });
  hub.keepsAlive(false);
  join();
  return {
    get isReady() {
      return isReady;
    },
    settle() {
      if (isReady || !isJoined()) return;
      isReady = true;
      line.post({ type: "ring", ring: ring() });
    },
    post: (message) => line.post(message),
    receive: () => line.receive(),
    onMessage(take) {
      line.onMessage(take);
      line.keepsAlive(false);
    },
    onEnd: () => {},
    keepsAlive: (keeps) => line.keepsAlive(keeps),
    close() {
      line.close();
      hub.close();
    },
    kill: () => Promise.resolve(),
  };
}
