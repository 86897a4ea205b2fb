import { expect, it } from "vitest";
import { BASE } from "../../../src/pipeline/record.ts";
import { Writer } from "../../../src/pipeline/writer.ts";

const store = { kind: "recording", applicationId: "a", recordingId: "1" } as const;

/** A recording of the first thread, with ten paths, and what other threads add to it. */
function shared() {
  const writer = new Writer({ onWarning: () => {}, environment: {} });
  const define = (thread: number, no: number, first: number): void => {
    writer.records.define(
      { type: "recording", no, store, ...((thread > 0 || no > 1) && { attachedTo: 1 }) },
      thread * BASE,
    );
    for (let path = first; path < first + 10; path++) {
      const entityPath = `/${thread}/${path}`;
      writer.records.define({ type: "path", no: path, recording: no, entityPath }, thread * BASE);
    }
  };
  define(0, 1, 1);
  return {
    define,
    close: (thread: number, no: number) =>
      writer.run({ type: "close", recording: thread * BASE + no, timeoutMillis: 0 }),
    paths: () => [...writer.stores.recording(1)!.paths.values()],
  };
}

it("forgets the paths of threads that have ended, and no others (I7)", () => {
  const { define, close, paths } = shared();
  const own = paths();
  for (let thread = 1; thread <= 50; thread++) {
    define(thread, 1, 1);
    close(thread, 1);
  }
  expect(paths()).toEqual(own);
});

it("keeps the paths of a thread that writes to the recording by another number still", () => {
  const { define, close, paths } = shared();
  define(1, 1, 1);
  define(1, 2, 11);
  define(0, 2, 11); // also the thread that made it
  const all = paths();
  close(1, 1);
  close(0, 2);
  expect(paths()).toEqual(all);
  close(1, 2);
  expect(paths()).toEqual(all.filter((path) => path.startsWith("/0/")));
});
