import { type MessagePort, workerData } from "node:worker_threads";
import { type FileLayer, nodeFiles } from "../../sinks/file/file-layer.ts";
import type { CreateExpander } from "../expander.ts";
import { Writer } from "../writer.ts";
import { CheckpointBlock } from "./checkpoint.ts";
import { guardFiles } from "./guarded-files.ts";
import { PortLine } from "./port-line.ts";
import { clockOf } from "./thread-clock.ts";
import type { FromWriter, Line, ToWriter, WriterThreadData } from "./thread-messages.ts";
import { Claim, WriterControl } from "./writer-control.ts";
import { type JoinMessage, openHub, serveHub } from "./writer-hub.ts";
import { WriterLoop } from "./writer-loop.ts";

/** The whole life of the writer thread: it begins here and ends with the process. */
export function runWriterThread(createExpander?: CreateExpander, layer: FileLayer = nodeFiles): void {
  const { data, port } = workerData as { readonly data: WriterThreadData; readonly port: MessagePort };
  const control = new WriterControl(data.control);
  const hub = openHub(data.hub);
  // the process ended, or began to write itself, before the thread was there
  if (!control.tryClaim(Claim.thread)) {
    hub.close();
    return;
  }
  const line = new PortLine<FromWriter, ToWriter>(port);
  const files = guardFiles(layer, control);
  const checkpoint = new CheckpointBlock(data.checkpoint);
  const writer = new Writer({
    ...(createExpander && { createExpander }),
    environment: { ...process.env }, // a worker's own does not change, and each look at it takes 0.24 µs
    clock: clockOf(data.clockOffset, data.timeOrigin),
    pulse: () => control.pulse,
    onProgress: () => control.beat(),
    onWarning: (message) => line.post({ type: "warning", message }),
    onBatcherEvents: (recording, events) => loop.tell(recording, events),
    files: {
      files,
      onReleased: (path) => loop.released(path),
      onSegment: (path) => control.asWriter(() => checkpoint.begins(path)),
    },
  });
  const onCheckpoint = (): Error | undefined => {
    const error = files.closeEnded();
    if (error !== undefined) line.post({ type: "warning", message: error.message });
    return error;
  };
  const loop = new WriterLoop({ writer, control, checkpoint, onCheckpoint });
  loop.join(0, data.ring, 0, line);
  const onJoin = (join: JoinMessage, channel: Line<FromWriter, ToWriter>): void => {
    if (loop.has(join.no, join.ring)) return;
    loop.join(join.no, join.ring, data.clockOffset - join.clockOffset, channel);
  };
  loop.receiveJoins = serveHub(hub, onJoin, (no) => loop.leave(no));
}
