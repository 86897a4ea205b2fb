import { SingleBar } from "cli-progress";
import { bytesText } from "../../bytes/byte-size.ts";

/** Told of bytes as they are read. */
export interface Progress {
  add(bytes: number): void;
  stop(): void;
}

const NOBODY_LOOKS: Progress = { add: () => {}, stop: () => {} };

/** Smaller inputs are done before anybody has read the bar. */
const WORTH_A_BAR = 4 << 20;

/** A bar with rate and time left on a terminal, on standard error so that output stays clean; elsewhere nothing. */
export function progressOf(totalBytes: number, stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY || totalBytes < WORTH_A_BAR) return NOBODY_LOOKS;
  const bar = new SingleBar({
    format: "{bar} {percentage} %  {read} of {size}  {rate}/s  {eta_formatted} left",
    barsize: 24,
    clearOnComplete: true,
    hideCursor: true,
    stream,
    stopOnComplete: false,
  });
  const start = performance.now();
  let read = 0;
  const size = bytesText(totalBytes);
  bar.start(totalBytes, 0, { read: bytesText(0), size, rate: bytesText(0) });
  return {
    add(bytes) {
      read += bytes;
      const seconds = Math.max(0.001, (performance.now() - start) / 1000);
      bar.update(Math.min(read, totalBytes), { read: bytesText(read), size, rate: bytesText(read / seconds) });
    },
    stop: () => bar.stop(),
  };
}
