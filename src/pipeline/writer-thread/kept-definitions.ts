import { setBounded } from "../../set-bounded.ts";
import type { Definition } from "../record.ts";
import { isBefore, type RingPosition } from "../ring/ring-position.ts";

/** As many as a writer keeps (`writer.ts`). */
const MAX_SHAPES = 65_536;

interface RecordingDefinitions {
  readonly own: Definition;
  readonly paths: Map<number, Definition>;
  readonly telemetry: Definition[];
  /** Stores that write to its sinks and end with it. */
  readonly beside: number[];
}

/**
 * What the caller's side has defined and a successor of the writer has to know: records only name numbers. What was forgotten stays
 * for a while, since records that name it may have to be read again.
 */
export class KeptDefinitions {
  readonly #recordings = new Map<number, RecordingDefinitions>();
  readonly #shapes = new Map<number, Definition>();
  /** How to forget, and where the ring was then. */
  readonly #leaving: { readonly forget: () => void; readonly at: RingPosition }[] = [];

  add(definition: Definition): void {
    switch (definition.type) {
      case "recording":
        this.#recordings.set(definition.no, { own: definition, paths: new Map(), telemetry: [], beside: [] });
        if (definition.sinksOf !== undefined) this.#recordings.get(definition.sinksOf)?.beside.push(definition.no);
        break;
      case "path":
        this.#recordings.get(definition.recording)?.paths.set(definition.no, definition);
        break;
      case "shape":
        setBounded(this.#shapes, definition.no, definition, MAX_SHAPES);
        break;
      case "telemetry":
        this.#recordings.get(definition.recording)?.telemetry.push(definition);
    }
  }

  /** @param at where the next record goes. */
  forgetPath(recording: number, no: number, at: RingPosition): void {
    this.#leaving.push({ forget: () => this.#recordings.get(recording)?.paths.delete(no), at });
  }

  forgetRecording(no: number, at: RingPosition): void {
    this.#leaving.push({ forget: () => this.#forget(no), at });
  }

  /** Records up to there will not be read again. */
  settle(durable: RingPosition): void {
    for (let next = this.#leaving[0]; next !== undefined && !isBefore(durable, next.at); next = this.#leaving[0]) {
      this.#leaving.shift();
      next.forget();
    }
  }

  #forget(no: number): void {
    for (const other of this.#recordings.get(no)?.beside ?? []) this.#recordings.delete(other);
    this.#recordings.delete(no);
  }

  /** Numbers of the recordings that were defined and are not forgotten. */
  get recordings(): readonly number[] {
    return [...this.#recordings.keys()];
  }

  /** In an order in which they can be taken. */
  *[Symbol.iterator](): Iterator<Definition> {
    for (const { own } of this.#recordings.values()) yield own;
    yield* this.#shapes.values();
    for (const { paths, telemetry } of this.#recordings.values()) {
      yield* paths.values();
      yield* telemetry;
    }
  }
}
