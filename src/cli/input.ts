import type { RrdInput } from "../reader.ts";
import { openRrd } from "../reader.ts";
import type { ArchiveInput } from "../telemetry/archive/archive-input.ts";
import { assertHead, assertRecording, STDIN } from "./assert-recording.ts";
import { UsageError } from "./usage-error.ts";

/**
 * What an argument names: a file, or `-` for what comes through the pipe. A pipe can be read once, so it is taken into memory; a
 * file is read where it is.
 *
 * @throws UsageError without a pipe, RerunError when it is no recording.
 */
export async function inputOf(argument: string): Promise<{ readonly name: string; readonly input: RrdInput }> {
  if (argument !== "-") {
    assertRecording(argument);
    return { name: argument, input: argument };
  }
  if (process.stdin.isTTY) throw new UsageError("- reads a recording from a pipe, and there is none: name a file");
  const pieces: Uint8Array[] = [];
  for await (const piece of process.stdin) pieces.push(piece as Uint8Array);
  const input = Buffer.concat(pieces);
  assertHead(STDIN, input);
  return { name: STDIN, input };
}

/** The files for those who look for traces in them. */
export async function archiveInputs(files: readonly string[]): Promise<ArchiveInput[]> {
  const inputs: ArchiveInput[] = [];
  for (const file of files) {
    const { name, input } = await inputOf(file);
    inputs.push({ name, open: () => openRrd(input) });
  }
  return inputs;
}

/** @throws UsageError if there is not exactly one file. */
export function oneFile(verb: string, files: readonly string[]): string {
  const [file] = files;
  if (file === undefined) throw new UsageError(`${verb} needs the path of a recording, or - for a pipe`);
  if (files.length > 1) throw new UsageError(`${verb} takes one recording; join several first: otel-rerun merge`);
  return file;
}
