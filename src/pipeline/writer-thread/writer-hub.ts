import { BroadcastChannel, threadId } from "node:worker_threads";
import type { Definition } from "../record.ts";
import type { OutstandingRing } from "../ring/ring-producer.ts";
import { PortLine } from "./port-line.ts";
import type { WriterThread } from "./start-writer-thread.ts";
import { clockOffset } from "./thread-clock.ts";
import type { FromWriter, ToWriter, WriterHandle } from "./thread-messages.ts";

/** A thread asks the writer to read its ring. */
export interface JoinMessage {
  readonly type: "join";
  readonly no: number;
  readonly threadId: number;
  /** Where the two talk from then on. */
  readonly channel: string;
  readonly ring: OutstandingRing;
  /** What records behind the ring's durable end refer to. */
  readonly definitions: readonly Definition[];
  readonly clockOffset: number;
}

/** A thread has ended, however it did. */
interface LeftMessage {
  readonly type: "left";
  readonly threadId: number;
}

/** What the writer is told of a thread. */
export type ThreadMessage = JoinMessage | LeftMessage;

type HubMessage = ThreadMessage | { readonly type: "writer" };

/** The writer's end: what is said from now on reaches it as soon as it serves. */
export type Hub = PortLine<HubMessage, HubMessage>;

/**
 * Before a thread takes the claim of the writer, so that whoever sees that it has it can tell it something: what is said to a name
 * that nobody listens to is lost.
 */
export function openHub(name: string): Hub {
  return new PortLine<HubMessage, HubMessage>(new BroadcastChannel(name));
}

/**
 * Where the threads of a process find its writer, by name: a port could be handed on only once.
 *
 *   thread ── join, on the hub ──▶ writer          all the threads hear it, the writer answers on a channel of the two
 *   writer ── "writer", on the hub ──▶ threads     a writer is there now: who wanted to join, or had joined the one before, joins
 *   parent ── "left", on the hub ──▶ writer        a thread that was terminated cannot say so itself
 *
 * Returns a function that hears at once what has been said until now.
 */
export function serveHub(
  hub: Hub,
  onJoin: (join: JoinMessage, line: PortLine<FromWriter, ToWriter>) => void,
  onLeft: (no: number) => void,
  early: readonly ThreadMessage[] = [],
): () => void {
  const channels = new Map<string, { readonly line: PortLine<FromWriter, ToWriter>; readonly join: JoinMessage }>();
  const take = (message: HubMessage): void => {
    if (message.type === "left") {
      for (const [channel, { join }] of channels) {
        if (join.threadId !== message.threadId) continue;
        channels.delete(channel);
        onLeft(join.no);
      }
    } else if (message.type === "join") {
      const line = channels.get(message.channel)?.line ?? new PortLine(new BroadcastChannel(message.channel));
      line.keepsAlive(false);
      channels.set(message.channel, { line, join: message });
      onJoin(message, line);
      line.post({ type: "joined" });
    }
  };
  hub.onMessage(take);
  hub.keepsAlive(false);
  hub.post({ type: "writer" });
  early.forEach(take);
  return () => hub.drain(take);
}

/** What threads have said before there was a writer. */
export interface EarlyJoins {
  /** Some thread waits for a writer. */
  readonly hasAny: boolean;
  /** Takes in what has been said until now, also while the event loop is held. */
  hear(): void;
  /** All of it; nothing more is heard. */
  take(): readonly ThreadMessage[];
  /** A writer thread has the claim: it is told, since a thread that never rests, or has ended, does not hear that it is there. */
  forward(): void;
}

/** @param onJoin called for each thread that wants to join */
export function collectJoins(name: string, onJoin?: () => void): EarlyJoins {
  const joins = new Map<number, JoinMessage>();
  const left: LeftMessage[] = [];
  const hub = openHub(name);
  let isOver = false;
  const end = (): readonly ThreadMessage[] => {
    if (isOver) return [];
    isOver = true;
    hub.drain(take);
    hub.close();
    return [...joins.values(), ...left];
  };
  const forward = (): void => {
    const all = end();
    if (all.length > 0) tell(name, all);
  };
  const take = (message: HubMessage): void => {
    if (message.type === "writer") forward();
    else if (message.type === "left") left.push(message);
    else {
      joins.set(message.no, message);
      onJoin?.();
    }
  };
  hub.onMessage(take);
  hub.keepsAlive(false);
  return {
    get hasAny() {
      return joins.size > 0;
    },
    forward,
    take: end,
    hear() {
      while (!isOver) {
        const message = hub.receive();
        if (message === undefined) break;
        take(message);
      }
    },
  };
}

/** Tells the writer that a thread has ended. */
export function tellLeft(name: string, threadId: number): void {
  tell(name, [{ type: "left", threadId }]);
}

function tell(name: string, messages: readonly HubMessage[]): void {
  const hub = openHub(name);
  for (const message of messages) hub.post(message);
  hub.close();
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
  const hub = openHub(handle.hub);
  let isReady = false;
  /** There is memory that nobody was told of. */
  let hasNews = false;
  const join = (): void => {
    isReady = false;
    hasNews = false;
    hub.post({
      type: "join",
      no,
      threadId,
      channel,
      ring: ring(),
      definitions: definitions(),
      clockOffset: clockOffset(),
    });
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
    isAlive: true,
    settle() {
      if (isReady) return;
      if (isJoined()) {
        isReady = true;
        line.post({ type: "ring", ring: ring() });
      } else if (hasNews) join(); // whoever comes first has to know all of it, even if this thread never rests
    },
    post(message) {
      if (isReady) line.post(message);
      else hasNews ||= message.type !== "wake";
    },
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
