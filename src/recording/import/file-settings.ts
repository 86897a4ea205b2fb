import { RerunError } from "../../errors.ts";
import type { FileSinkSpec } from "../../sinks/sink.ts";
import type { SaveOptions } from "../recording-options.ts";

const FSYNC = ["never", "flush", "interval"] as const;

/**
 * The options of `save` as the sink takes them.
 * @throws RerunError ERR_RERUN_ARGUMENT
 */
export function fileSettings(options: SaveOptions): Omit<FileSinkSpec, "kind" | "path" | "fd"> {
  const { writeFooter = true, fsync, journal, atomic } = options;
  if (fsync !== undefined && !FSYNC.includes(fsync)) {
    throw new RerunError("ERR_RERUN_ARGUMENT", `fsync must be one of ${FSYNC.join(", ")}; got ${String(fsync)}`);
  }
  const { maxBytes = Number.POSITIVE_INFINITY, rotateBytes = 1 } = options;
  if (rotateBytes > maxBytes) {
    throw new RerunError("ERR_RERUN_ARGUMENT", `rotateBytes must be at most maxBytes; ${rotateBytes} > ${maxBytes}`);
  }
  return {
    writeFooter,
    ...positive("maxBytes", options.maxBytes),
    ...positive("rotateBytes", options.rotateBytes),
    ...positive("rotateMillis", options.rotateMillis),
    ...positive("retain", options.retain),
    ...(fsync !== undefined && { fsync }),
    ...(journal !== undefined && { journal }),
    ...(atomic === true && { isAtomic: true }),
  };
}

function positive(name: string, value: number | undefined): Record<string, number> {
  if (value === undefined) return {};
  if (typeof value === "number" && value >= 1) return { [name]: value };
  throw new RerunError("ERR_RERUN_ARGUMENT", `${name} must be a number from 1 on, got ${String(value)}`);
}
