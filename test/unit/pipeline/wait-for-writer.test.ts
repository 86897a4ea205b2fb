import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WriterControl } from "../../../src/pipeline/writer-thread/writer-control.ts";

// the real one is taken when the module is loaded, which is what fake ones of an application are to be kept away from
vi.mock("../../../src/real-time.ts", async (original) => ({
  ...(await original<object>()),
  now: () => performance.now(),
}));
const { waitForWriter } = await import("../../../src/pipeline/writer-thread/wait-for-writer.ts");

/** A writer whose life is a function of the time. */
class ScriptedControl extends WriterControl {
  isHeldUp = false;
  readonly #live: (now: number) => void;

  constructor(live: (control: ScriptedControl, now: number) => void) {
    super();
    this.#live = (now) => live(this, now);
  }

  override get isWriting(): boolean {
    return this.isHeldUp;
  }

  override waitForReply(_seen: number, millis: number): void {
    vi.advanceTimersByTime(millis);
    this.#live(performance.now());
  }
}

/** How the wait for something with a deadline of 2 s ends, and after how many seconds. */
function wait(until: "question" | "end", live: (control: ScriptedControl, now: number) => void, isOver = () => false) {
  const control = new ScriptedControl(live);
  const start = performance.now();
  const result = waitForWriter(control, 2000, until, isOver);
  return [result, (performance.now() - start) / 1000];
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe("an ending process and its writer", () => {
  it("waits for one that gets on until it is done", () => {
    const start = performance.now();
    const isOver = () => performance.now() - start >= 45_000;
    expect(wait("end", (control) => control.beat(), isOver)).toEqual(["over", 45]);
  });

  it("does not wait for ever for one that gets on and is never done", () => {
    expect(wait("end", (control) => control.beat())).toEqual(["late", 60]);
  });

  it("gives up one that stops in the middle", () => {
    const [result, seconds] = wait("end", (control, now) => now < 20_000 && control.beat());
    expect(result).toBe("stalled");
    expect(seconds).toBeCloseTo(25, 0);
  });

  it("gives up one that is held up by a file sooner than one that computes", () => {
    const hangs = (control: ScriptedControl, now: number) => {
      if (now < 10_000) control.beat();
      else control.isHeldUp = true;
    };
    const [result, seconds] = wait("end", hangs);
    expect(result).toBe("stalled");
    expect(seconds).toBeCloseTo(12, 0);
  });

  it("gives up one that was never there", () => {
    expect(wait("end", () => {})).toEqual(["stalled", 2]);
  });

  it("holds a program that goes on for less", () => {
    expect(wait("question", (control) => control.beat())).toEqual(["late", 10]);
  });
});
