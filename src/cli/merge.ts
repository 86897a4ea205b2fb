import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { bytesText } from "../bytes/byte-size.ts";
import { mergeRecordings } from "../telemetry/merge.ts";
import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { counted } from "./counted.ts";
import { archiveInputs } from "./input.ts";
import { assertNotAnInput } from "./not-an-input.ts";
import { writeJson, writeLine } from "./output.ts";
import { UsageError } from "./usage-error.ts";

export const merge: Command = {
  name: "merge",
  usage: "FILE… -o OUT [--json]",
  summary: "joins the files of several processes into one recording",
  help: `Copies all recordings of the files into one file. Where several processes wrote the same recording, its summary and service
graph are made anew of the spans of all of them, and so is the waterfall of each notable trace. Files without a footer (the
process was killed) are read up to their last whole message, and their journals. A folder that does not exist is created.

  -o, --output OUT   the new file; an existing one is replaced
  --json             what was written, for programs

  otel-rerun merge shop.rrd inventory.rrd -o run.rrd`,

  async run(args) {
    const { values, positionals: files } = parseArguments(args, {
      options: { output: { type: "string", short: "o" }, json: { type: "boolean" } },
    });
    if (files.length === 0) throw new UsageError("merge needs the paths of recordings");
    if (values.output === undefined) throw new UsageError("merge needs -o, the path of the new file");
    const output = resolve(values.output);
    assertNotAnInput(values.output, files, "one of the files to merge");
    await mkdir(dirname(output), { recursive: true });
    await mergeRecordings(await archiveInputs(files), output);
    const { size: bytes } = await stat(output);
    if (values.json === true) await writeJson({ output: values.output, files: files.length, bytes });
    else await writeLine(`${values.output}: ${counted(files.length, "file")} joined, ${bytesText(bytes)}`);
    return 0;
  },
};
