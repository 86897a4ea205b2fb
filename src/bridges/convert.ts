import { RerunError } from "../errors.ts";
import { checkedOptions, optionNames } from "../option-names.ts";
import { checkRecording } from "../recording/checked-arguments.ts";
import type { RecordingStream } from "../recording/recording-stream.ts";
import { Assembly } from "./assembly.ts";
import type { Destination } from "./destination.ts";
import type { InputFormat } from "./detect.ts";
import { type ConvertInput, nameOf, type OnRead } from "./input/input-bytes.ts";
import { type ConvertProblem, Problems, placeOf } from "./problem.ts";
import { readInput } from "./read-input.ts";
import { RecordingDestination } from "./recording-destination.ts";
import { Tally, type TelemetryCounts } from "./tally.ts";

export interface ConvertOptions {
  /** Default: what the content says. */
  readonly format?: InputFormat;
  /** Bytes of one value (JSON: an element of the outermost lists; protobuf: a message); larger ones are left out. Default 64 MiB. */
  readonly maxPieceBytes?: number;
  /** Told of the bytes that were read, before they are unpacked. */
  readonly onRead?: OnRead;
}

export interface ConvertResult extends TelemetryCounts {
  /** What was left out: the first 100. */
  readonly problems: readonly ConvertProblem[];
  /** How many there are in all. */
  readonly skipped: number;
  /** What was found and dealt with, like ids in base64: nothing is lost by it. */
  readonly notes: readonly string[];
}

const NAMES = optionNames<ConvertOptions>({ format: true, maxPieceBytes: true, onRead: true });

const MAX_PIECE_BYTES = 64 << 20;

/**
 * Puts the telemetry of a file into a recording: OTLP (JSON, JSON lines, protobuf), Jaeger's JSON and Zipkin's v2, also packed with
 * gzip or zstd, told apart by their content. Times are those of the data. Memory is bounded whatever the size.
 *
 *   const rec = new RecordingStream("shop", { telemetry: { clock: "data" } });
 *   rec.save("traces.rrd");
 *   const { spans, problems } = await convert("traces.json", rec);
 *   await rec.shutdown({});
 *
 * Parts that cannot be read are left out and listed in the result.
 *
 * @throws RerunError ERR_RERUN_FORMAT when there is nothing that can be read, ERR_RERUN_FILE when the file cannot be opened,
 * ERR_RERUN_ARGUMENT for what is no input, no recording or no option.
 */
export async function convert(
  input: ConvertInput,
  recording: RecordingStream,
  options: ConvertOptions = {},
): Promise<ConvertResult> {
  checkRecording("convert", recording);
  const checked = checkedOptions("convert", options, NAMES);
  const destination = new RecordingDestination(recording);
  return convertInputs([input], destination, { ...checked, drained: () => destination.drained() });
}

export interface ConvertHooks extends ConvertOptions {
  readonly drained?: () => Promise<void>;
}

/** The same for several inputs, whose traces are put together. An input that is no use is one problem, unless it is the only one. */
export async function convertInputs(
  inputs: readonly ConvertInput[],
  destination: Destination,
  options: ConvertHooks = {},
): Promise<ConvertResult> {
  const { maxPieceBytes = MAX_PIECE_BYTES, drained } = options;
  const problems = new Problems();
  const assembly = new Assembly(destination);
  const tally = new Tally(assembly);
  for (const input of inputs) {
    const source = nameOf(input);
    const named = source === undefined || inputs.length === 1 ? {} : { source };
    try {
      await readInput(input, tally, {
        ...options,
        maxPieceBytes,
        problem: (reason, position) => problems.add({ ...position, ...named, reason }),
      });
    } catch (error) {
      if (!(error instanceof RerunError) || inputs.length === 1) throw error;
      problems.add({ ...named, offset: 0, reason: error.message });
    }
  }
  if (tally.isEmpty) throw nothingFound(problems);
  assembly.flush();
  await drained?.();
  const { untimed, circles } = assembly;
  if (untimed > 0) {
    problems.add({ offset: 0, reason: `log records and data points without a time, left out: ${untimed}` });
  }
  return {
    ...tally.counts,
    problems: problems.list,
    skipped: problems.count,
    notes: [
      ...[...tally.notes].map(([note, count]) => `${note}: ${count}`),
      ...(circles === 0 ? [] : [`spans that were their own ancestors, drawn as roots: ${circles}`]),
    ],
  };
}

function nothingFound({ list: [first], count }: Problems): RerunError {
  if (first === undefined) return new RerunError("ERR_RERUN_FORMAT", "there are no spans, logs or metrics in it");
  const { source, reason } = first;
  const where = source === undefined ? placeOf(first) : source;
  const more = count > 1 ? ` (and ${count - 1} more)` : "";
  return new RerunError("ERR_RERUN_FORMAT", `${where}: ${reason}${more}`);
}
