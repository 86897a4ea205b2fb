import { RerunError } from "../../errors.ts";
import type { Timeline, TimelineType } from "../../rrd/timeline.ts";

/** More timelines than a viewer can show; names made of data (a timeline per user) must not grow memory for ever (I7). */
const MAX_TIMELINES = 1000;

/**
 * The timelines of one recording. A timeline is known by its name; its type may change, with a warning, and the latest counts.
 *
 * Names that the footer cannot tell apart are refused: it writes `,` space `-` `.` `\` as `_` and drops leading ones (Rerun's
 * manifest columns), so `a-b` and `a_b` in one file would cost the whole footer.
 */
export class TimelineRegistry {
  readonly #byFooterName = new Map<string, Timeline>([
    ["log_time", { name: "log_time", type: "timestamp" }],
    ["log_tick", { name: "log_tick", type: "sequence" }],
  ]);
  readonly #warn: (error: RerunError) => void;

  /** @param warn is told of a type that changed. */
  constructor(warn: (error: RerunError) => void) {
    this.#warn = warn;
  }

  /**
   * The one Timeline object of that name and type.
   * @throws RerunError ERR_RERUN_TIMELINE if the name cannot be used.
   */
  timeline(name: string, type: TimelineType): Timeline {
    const footerName = this.#footerName(name);
    const known = this.#byFooterName.get(footerName);
    if (known === undefined) return this.#add(footerName, { name, type });
    if (known.name !== name) {
      throw refused(
        name,
        `"${known.name}" is a timeline already and a file's footer cannot tell the two apart; rename one`,
      );
    }
    if (known.type === type) return known;
    if (AUTOMATIC.has(name)) throw refused(name, `it is written automatically, as a ${known.type}; take another name`);
    this.#warn(
      new RerunError("ERR_RERUN_TIMELINE", `timeline "${name}" was a ${known.type} and is a ${type} from now on`),
    );
    return this.#add(footerName, { name, type });
  }

  #footerName(name: unknown): string {
    if (typeof name !== "string" || name === "") throw refused(name, "a name is a string that is not empty");
    return name.replace(/[, \-.\\]/g, "_").replace(/^_+/, "");
  }

  #add(footerName: string, timeline: Timeline): Timeline {
    if (this.#byFooterName.size >= MAX_TIMELINES && !this.#byFooterName.has(footerName)) {
      throw refused(
        timeline.name,
        `the recording has ${MAX_TIMELINES} timelines already; put what varies into a component`,
      );
    }
    this.#byFooterName.set(footerName, timeline);
    return timeline;
  }
}

const AUTOMATIC: ReadonlySet<string> = new Set(["log_time", "log_tick"]);

function refused(name: unknown, reason: string): RerunError {
  return new RerunError("ERR_RERUN_TIMELINE", `timeline ${JSON.stringify(name)} cannot be used: ${reason}`);
}
