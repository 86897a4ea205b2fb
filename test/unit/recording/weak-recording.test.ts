import { expect, it } from "vitest";
import { RecordingStream, Scalars, weak, withRecording } from "../../../src/index.ts";

it("a weak reference gives the recording until it has ended", async () => {
  const rec = new RecordingStream("weak");
  const reference = rec.weak();
  expect(reference.deref()).toBe(rec);
  rec.memoryRecording();
  rec.log("a", new Scalars(1));
  expect(reference.deref()).toBe(rec);
  await rec.shutdown();
  expect(reference.deref()).toBeUndefined();
});

it("of a disabled recording too, and none of none", () => {
  const rec = RecordingStream.disabled();
  expect(rec.weak().deref()).toBe(rec);
  expect(weak()).toBeUndefined();
  expect(withRecording(rec, () => weak())?.deref()).toBe(rec);
});
