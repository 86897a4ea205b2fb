import { expect, it } from "vitest";
import type { Definition } from "../../../src/pipeline/record.ts";
import { KeptDefinitions } from "../../../src/pipeline/writer-thread/kept-definitions.ts";

function store(no: number, sinksOf?: number): Definition {
  const id = { kind: "recording", applicationId: "a", recordingId: `${no}` } as const;
  return { type: "recording", no, store: id, ...(sinksOf !== undefined && { sinksOf }) };
}

it("forgets a recording and the stores beside it when its records are not read again, and no others (I7)", () => {
  const kept = new KeptDefinitions();
  for (const definition of [store(1), store(2, 1), store(3), store(4, 3), store(5, 1)]) kept.add(definition);
  for (const no of [1, 2, 3]) kept.add({ type: "path", no, recording: no, entityPath: `/${no}` });
  kept.forgetRecording(1, { segment: 0, at: 100 });
  kept.settle({ segment: 0, at: 99 });
  expect(kept.recordings).toEqual([1, 2, 3, 4, 5]);
  kept.settle({ segment: 0, at: 100 });
  expect(kept.recordings).toEqual([3, 4]);
  expect([...kept].map((definition) => ("no" in definition ? definition.no : undefined))).toEqual([3, 4, 3]);
});
