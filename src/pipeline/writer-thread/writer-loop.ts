import { timerMillis } from "../../sinks/within.ts";
import type { BatcherEvent } from "../batcher-hooks.ts";
import type { Command, CommandResult } from "../command.ts";
import { packResult } from "../command-codec.ts";
import { BASE, threadOf } from "../record.ts";
import type { RingConsumer } from "../ring/ring-consumer.ts";
import type { OutstandingRing } from "../ring/ring-producer.ts";
import { runAndWait } from "../run-command.ts";
import type { Writer } from "../writer.ts";
import type { CheckpointBlock } from "./checkpoint.ts";
import { Durability } from "./durability.ts";
import { RingClient } from "./ring-client.ts";
import type { FromWriter, Line, Reply, ToWriter } from "./thread-messages.ts";
import { Claim, type WriterControl } from "./writer-control.ts";

export interface WriterLoopOptions {
  readonly writer: Writer;
  readonly control: WriterControl;
  /** What a successor would need. Undefined: this one is the last. */
  readonly checkpoint?: CheckpointBlock;
  /** Called when the files are marked: descriptors of files that ended may be closed now. Returns why one could not be. */
  readonly onCheckpoint?: () => Error | undefined;
  /** On a thread that has other things to do: the loop does not keep it alive, and its rounds exclude other users of the writer. */
  readonly exclusively?: (work: () => void) => void;
}

interface Answer {
  readonly no: number;
  readonly isEnd: boolean;
  readonly result: CommandResult;
}

/** Bytes of one ring that are read before the others have their turn. */
const READ_BYTES = 256 << 10;

/** Rings are looked at this often while there is something in them now and then. */
const TICK_MILLIS = 50;

/** Chunks are written for so long, then it is the rings' turn again: a tick of 600 chunks stalled callers for 30 ms. */
const SLICE_MILLIS = 1;

/** So many ticks without a record, and the loop sleeps until it is called. */
const IDLE_TICKS = 10;

/** What the recordings of a thread that has ended left in a pipe is offered to its reader for so long. */
const LEAVE_MILLIS = 2000;

/** While telemetry is open but nothing happens, its layout is still called this often. */
const IDLE_TICK_MILLIS = 1000;

/**
 * The writer in its own thread, between event-loop turns, so that sockets live there too.
 *
 *   turn:  rings ─▶ records ─▶ what is due ─▶ files ─▶ checkpoint ─▶ answers
 *            ▲ again at once while there is more · by a timer each tick · called by a message for a command, a half-full ring, or
 *            └ the first record after the loop fell asleep
 */
export class WriterLoop {
  readonly #writer: Writer;
  readonly #control: WriterControl;
  readonly #durability: Durability;
  readonly #onCheckpoint: (() => Error | undefined) | undefined;
  readonly #exclusively: ((work: () => void) => void) | undefined;
  readonly #clients = new Map<number, RingClient>();
  readonly #rings = new Map<number, RingConsumer>();
  readonly #lines = new Map<number, Line<FromWriter, ToWriter>>();
  /** Rings whose threads have ended. */
  readonly #left = new Set<number>();
  /** Hears of threads that have joined just now. */
  receiveJoins: () => void = () => {};
  /** What is said to a thread when what was done is safe. */
  readonly #replies = new Map<Line<FromWriter, ToWriter>, Answer[]>();
  #released: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #immediate: ReturnType<typeof setImmediate> | undefined;
  /** Commands of this turn that somebody waits for. */
  #hasBegun = false;
  #idleTicks = 0;
  #nextTick = 0;

  constructor({ writer, control, checkpoint, onCheckpoint, exclusively }: WriterLoopOptions) {
    this.#writer = writer;
    this.#control = control;
    this.#durability = new Durability(writer.stores, checkpoint);
    this.#onCheckpoint = onCheckpoint;
    this.#exclusively = exclusively;
  }

  /** Reads the ring of a thread from now on; `line` leads to that thread. */
  join(no: number, ring: OutstandingRing, clockSkew: number, line: Line<FromWriter, ToWriter>): RingClient {
    const client = new RingClient({
      no,
      ring,
      clockSkew,
      receive: () => {
        for (let message = line.receive(); message !== undefined; message = line.receive()) take(message);
      },
      onCommand: (command, reply) => this.#run(command, reply, line),
    });
    const take = (message: ToWriter): void => {
      if (message.type === "ring") client.consumer.takeAll(message.ring);
      else client.consumer.take(message);
    };
    this.#clients.set(no, client);
    this.#rings.set(no, client.consumer);
    this.#lines.set(no, line);
    line.onMessage((message) => {
      take(message);
      this.#soon();
    });
    client.consumer.control.isJoined = true;
    this.#soon();
    return client;
  }

  /** The ring of that number is read already; its thread may say once more what belongs to it, before it knows that it is heard. */
  has(no: number, ring?: OutstandingRing): boolean {
    const client = this.#clients.get(no);
    if (ring !== undefined) client?.consumer.takeAll(ring);
    return client !== undefined;
  }

  /**
   * The thread of that ring has ended, perhaps in the middle of something: what it published is read, its recordings end. The memory
   * is let go when all of that is safe.
   */
  leave(no: number): void {
    if (this.#exclusively === undefined) this.#leave(no);
    else this.#exclusively(() => this.#leave(no));
    this.#soon();
  }

  #leave(no: number): void {
    const client = this.#clients.get(no);
    if (client === undefined) return;
    while (client.read(this.#writer, READ_BYTES) > 0);
    for (const recording of this.#writer.stores.recordingNumbers) {
      if (threadOf(recording) === no) this.#writer.run({ type: "close", recording, timeoutMillis: LEAVE_MILLIS });
    }
    this.#left.add(no);
  }

  /** A successor would have to read again what is not safe. */
  #letGo(): void {
    for (const no of this.#left) {
      const ring = this.#rings.get(no);
      if (ring !== undefined && (!ring.isEmpty || ring.keptBytes > 0)) continue;
      this.#left.delete(no);
      this.#clients.delete(no);
      this.#rings.delete(no);
      this.#lines.get(no)?.close();
      this.#lines.delete(no);
    }
  }

  /** To the thread that made the recording. */
  tell(recording: number, events: readonly BatcherEvent[]): void {
    const no = threadOf(recording);
    const told = this.#clients.get(no)?.tellable(events) ?? [];
    if (told.length === 0) return;
    this.#lines.get(no)?.post({ type: "batcher", recording: recording % BASE, events: told });
  }

  /** Reads all that threads other than the first have published until now. */
  readOthers(): void {
    this.receiveJoins();
    for (const client of this.#clients.values()) {
      if (client.base > 0) while (client.read(this.#writer, READ_BYTES) > 0);
    }
  }

  /** A recording has left the file of that path; the threads are told. */
  released(path: string): void {
    this.#released.push(path);
    this.#soon();
  }

  #round(): void {
    if (this.#exclusively !== undefined) this.#exclusively(() => this.#turn());
    else if (this.#control.claim === Claim.thread) this.#turn();
  }

  #turn(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#immediate = undefined;
    this.#control.beat();
    if (this.#hasBegun) this.#settle();
    let bytes = 0;
    for (const client of this.#clients.values()) bytes += client.read(this.#writer, READ_BYTES);
    const now = this.#writer.clock.now();
    if (now >= this.#nextTick || now >= this.#writer.nextDeadline) {
      this.#nextTick = now + Math.min(TICK_MILLIS, this.#writer.tickMillis);
      this.#idleTicks = bytes > 0 ? 0 : this.#idleTicks + 1;
      this.#writer.tick(now + SLICE_MILLIS);
    }
    // what has begun goes on when this call returns: that its command was read is said behind it
    if (!this.#hasBegun) this.#settle();
    this.#schedule();
  }

  /** Says what is safe, then what was waited for. */
  #settle(): void {
    this.#hasBegun = false;
    const isThread = this.#exclusively === undefined;
    // a successor goes by the checkpoint that it found, and by the descriptors that are in it
    this.#durability.update(this.#rings, (publish) => (isThread ? this.#control.asWriter(publish) : publish()));
    const unclosed = this.#onCheckpoint?.();
    if (this.#left.size > 0) this.#letGo();
    this.#answer(unclosed);
  }

  /** @param unclosed of a file that ended: whoever has ended a recording is told. */
  #answer(unclosed: Error | undefined): void {
    // each thread knows of the files that it has opened itself
    if (this.#released.length > 0) for (const line of this.#lines.values()) this.#repliesTo(line);
    if (this.#replies.size === 0) return;
    const released = this.#released;
    this.#released = [];
    for (const [line, answers] of this.#replies) {
      const replies = answers.map(({ no, isEnd, result }): Reply => {
        return { no, result: packResult(isEnd && unclosed !== undefined ? { error: unclosed, ...result } : result) };
      });
      line.post({ type: "done", replies, released });
    }
    this.#control.replied();
    this.#replies.clear();
  }

  #repliesTo(line: Line<FromWriter, ToWriter>): Answer[] {
    let replies = this.#replies.get(line);
    if (replies === undefined) {
      replies = [];
      this.#replies.set(line, replies);
    }
    return replies;
  }

  #schedule(): void {
    let isEmpty = true;
    for (const { isEmpty: isRingEmpty } of this.#rings.values()) isEmpty &&= isRingEmpty;
    const now = this.#writer.clock.now();
    if (!isEmpty || this.#hasBegun || this.#replies.size > 0 || this.#writer.nextDeadline <= now) {
      this.#again();
      return;
    }
    let wait = Math.min(this.#nextTick, this.#writer.nextDeadline) - now;
    if (this.#idleTicks >= IDLE_TICKS) {
      for (const { control } of this.#rings.values()) control.isParked = true;
      // what was published before the producer could see that nobody looks
      for (const { isEmpty: isRingEmpty } of this.#rings.values()) if (!isRingEmpty) this.#soon();
      wait = this.#writer.nextDeadline - now;
      if (this.#writer.hasTelemetry) wait = Math.min(wait, IDLE_TICK_MILLIS);
    }
    if (wait === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => this.#round(), timerMillis(wait));
    if (this.#exclusively !== undefined) this.#timer.unref();
  }

  #soon(): void {
    this.#idleTicks = 0;
    this.#again();
  }

  /** What is due is no reason to look at the rings each tick: idle was 2.6 ms of CPU a second, for metrics every ten seconds. */
  #again(): void {
    if (this.#immediate !== undefined) return;
    this.#immediate = setImmediate(() => this.#round());
    if (this.#exclusively !== undefined) this.#immediate.unref();
  }

  #run(command: Command, reply: number | undefined, line: Line<FromWriter, ToWriter>): void {
    // the process ends: what other threads have published until now is in time
    if (command.type === "close" && command.recording === undefined) this.readOthers();
    if (reply === undefined) {
      this.#writer.run(command, false);
      return;
    }
    this.#hasBegun = true;
    void runAndWait(command, this.#writer, (step) => this.#writer.run(step)).then((result) => {
      // after the checkpoint of the turn: whoever is told that a file is closed may open it again
      this.#repliesTo(line).push({ no: reply, isEnd: command.type === "close", result });
      this.#soon();
    });
  }
}
