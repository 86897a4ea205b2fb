import type { DumpAnswer } from "../sinks/black-box-door.ts";

/** A page has none: what a black box holds is dumped to a file. */
export class BlackBoxes {
  opened(): void {}
  closed(): void {}
  notice(): void {}
  settle(): void {}

  dump(): DumpAnswer {
    return { files: [] };
  }
}
