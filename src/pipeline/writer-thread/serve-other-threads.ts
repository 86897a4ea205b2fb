import { threadOf } from "../record.ts";
import type { Writer } from "../writer.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { restore } from "./recording-checkpoints.ts";
import { clockOffset } from "./thread-clock.ts";
import type { FromWriter, Line, ToWriter } from "./thread-messages.ts";
import { type Hub, type JoinMessage, serveHub, type ThreadMessage } from "./writer-hub.ts";
import type { WriterLoop } from "./writer-loop.ts";

export interface OtherThreads {
  readonly writer: Writer;
  readonly hub: Hub;
  /** What the writer before this one had told: their recordings go on where it was. */
  readonly before: Checkpoint | undefined;
  /** Of threads that asked for a writer before there was one. */
  readonly early: readonly ThreadMessage[];
}

/** Other threads of the process find their writer here, on this thread, from now on. */
export function serveOtherThreads(loop: WriterLoop, { writer, hub, before = NOTHING, early }: OtherThreads): void {
  const onJoin = (
    { no, ring, definitions, clockOffset: theirs }: JoinMessage,
    line: Line<FromWriter, ToWriter>,
  ): void => {
    if (loop.has(no, ring)) return;
    const client = loop.join(no, ring, clockOffset() - theirs, line);
    for (const definition of definitions) writer.records.define(definition, client.base);
    for (const recording of before.recordings) {
      if (threadOf(recording.no) === no) restore(writer.stores, recording);
    }
    client.readAgain(writer, before);
  };
  loop.receiveJoins = serveHub(hub, onJoin, (no) => loop.leave(no), early);
}

const NOTHING: Checkpoint = { recordings: [], ended: [] };
