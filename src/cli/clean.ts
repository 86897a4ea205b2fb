import { existsSync } from "node:fs";
import { pruneRuns } from "../../instrumentation/run/recordings-folder.ts";
import { bytesText, parseBytes } from "../bytes/byte-size.ts";
import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { counted } from "./counted.ts";
import { writeJson, writeLine } from "./output.ts";
import { UsageError } from "./usage-error.ts";

const DEFAULT_KEEP = "20";
const DEFAULT_MAX_BYTES = "2GiB";

export const clean: Command = {
  name: "clean",
  usage: "[FOLDER] [--keep N] [--max-bytes SIZE] [--dry-run] [--json]",
  summary: "removes the oldest runs from the folder of recordings",
  help: `Applies the limits that recording applies itself: the newest N runs stay, up to SIZE in all. Only files that are named as register
names them, belong to you and begin as recordings are removed; a run that was written to within the last minute stays.

  FOLDER             default: recordings
  --keep N           runs that stay; default ${DEFAULT_KEEP}
  --max-bytes SIZE   of all runs that stay; default ${DEFAULT_MAX_BYTES}
  --dry-run          only says what would go
  --json             the removed files, for programs

  otel-rerun clean --keep 5`,

  async run(args) {
    const { values, positionals } = parseArguments(args, {
      options: {
        keep: { type: "string", default: DEFAULT_KEEP },
        "max-bytes": { type: "string", default: DEFAULT_MAX_BYTES },
        "dry-run": { type: "boolean", default: false },
        json: { type: "boolean" },
      },
    });
    const [folder = "recordings", ...others] = positionals;
    if (others.length > 0) throw new UsageError("clean takes one folder");
    if (!existsSync(folder)) throw new UsageError(`there is no folder ${folder}; name the one with the recordings`);
    const keep = Number(values.keep);
    if (!/^\d+$/.test(values.keep)) throw new UsageError(`--keep takes a number of runs from 0 on, not ${values.keep}`);
    const maxBytes = parseBytes(values["max-bytes"]);
    if (maxBytes === undefined)
      throw new UsageError(`--max-bytes takes a size such as 500MiB, not ${values["max-bytes"]}`);
    const dryRun = values["dry-run"];
    // no run is the current one, which would count as kept
    const { removed, running } = pruneRuns(folder, { keep: keep + 1, maxBytes, current: undefined, dryRun });
    const bytes = removed.reduce((sum, file) => sum + file.bytes, 0);
    if (values.json === true) await writeJson({ folder, dryRun, removed, running });
    else {
      for (const { path } of removed) await writeLine(path);
      await writeLine(`${dryRun ? "would remove" : "removed"} ${counted(removed.length, "file")}, ${bytesText(bytes)}`);
      if (running > 0) {
        await writeLine(
          `${counted(running, "run")} written to within the last minute stay: try again when they have ended`,
        );
      }
    }
    return 0;
  },
};
