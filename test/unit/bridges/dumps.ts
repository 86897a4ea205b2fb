/**
 * Trace files that other programs wrote, and what a counter that shares no code with ours found in them. They are not ours to commit:
 * they lie beside the checkout, or where OTEL_RERUN_TRACES says. Without them their tests are skipped with the reason printed.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, it } from "vitest";

const beside = fileURLToPath(new URL("../../../../shared", import.meta.url));
export const dumpsFolder = process.env.OTEL_RERUN_TRACES ?? join(beside, "traces");
const isHere = existsSync(join(dumpsFolder, "expected.json"));

export interface ExpectedCounts {
  readonly format: string;
  readonly traces: number;
  readonly spans: number;
  readonly errors: number;
  readonly events: number;
  readonly exceptions: number;
  readonly links: number;
  readonly services: readonly string[];
  readonly min_time_ns: string | null;
  readonly max_time_ns: string | null;
  readonly span_attributes?: number;
  readonly bad_lines?: number;
  readonly notes?: readonly string[];
  readonly metrics?: number;
  readonly data_points?: number;
  readonly log_records?: number;
  readonly log_records_with_trace?: number;
  readonly cyclic?: number;
  readonly duplicates?: number;
  readonly without_end?: number;
  readonly kinds?: Readonly<Record<string, number>>;
}

/** File → what is in it. */
export const expected: Readonly<Record<string, ExpectedCounts>> = isHere
  ? (JSON.parse(readFileSync(join(dumpsFolder, "expected.json"), "utf8")) as { files: Record<string, ExpectedCounts> })
      .files
  : {};

export const describeWithDumps = gate();

function gate(): typeof describe | typeof describe.skip {
  if (isHere) return describe;
  if (process.env.CI === "true" && existsSync(beside)) {
    return ((name: string) =>
      describe(name, () => {
        it("needs the trace files", () => {
          throw new Error(`there is a folder ${beside}, but no trace files in it`);
        });
      })) as typeof describe;
  }
  console.warn(
    "skipped, trace files of other programs are not here: put them at ../shared/traces or set OTEL_RERUN_TRACES",
  );
  return describe.skip;
}

export function dump(name: string): Buffer {
  return readFileSync(join(dumpsFolder, name));
}
