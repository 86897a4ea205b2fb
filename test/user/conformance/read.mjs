// What the scripts of this folder share: reading back, in plain data that JSON can carry.
import { openRrd } from "otel-rerun/reader";

/** For flushes and ends that are not what is tested: machines that run tests are busy. */
export const PATIENTLY = { timeoutMillis: 60_000 };

/** The numbers of a recording, once the writer has had the time to say them. */
export async function statsOf(rec) {
  let stats = rec.stats();
  while (stats.rowsAccepted === 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    stats = rec.stats();
  }
  return stats;
}

/** The chunks of a file or of bytes, of recordings only unless `kind` says otherwise. */
export async function chunksOf(input, kind = "recording") {
  const reader = await openRrd(input);
  const chunks = [];
  for await (const chunk of reader.chunks({ kind })) {
    chunks.push({
      entity: chunk.entityPath,
      rows: chunk.numRows,
      static: chunk.isStatic,
      times: Object.fromEntries(chunk.timelines.map(({ name, times }) => [name, Array.from(times, String)])),
      types: Object.fromEntries(chunk.timelines.map(({ name, type }) => [name, type])),
      values: Object.fromEntries(
        chunk.components.map((column) => [
          column.component,
          Array.from({ length: chunk.numRows }, (_, row) => column.get(row) && Array.from(column.get(row), plain)),
        ]),
      ),
    });
  }
  return chunks;
}

/** Chunks without the recording's own properties and warnings. */
export async function userChunks(input) {
  return (await chunksOf(input)).filter(({ entity }) => !entity.startsWith("/__"));
}

/** All values of a component of an entity, row by row. */
export async function valuesOf(input, entity, component) {
  const chunks = await chunksOf(input);
  return chunks.filter((chunk) => chunk.entity === entity).flatMap((chunk) => chunk.values[component] ?? []);
}

/** What the warnings of this process were, from now on. */
export function collectWarnings() {
  const messages = [];
  process.on("warning", ({ name, message }) => {
    if (name === "RerunWarning") messages.push(message);
  });
  return messages;
}

/** The code of the error that a call throws, or "none". */
export function codeOf(call) {
  try {
    call();
    return "none";
  } catch (error) {
    return error.code ?? String(error);
  }
}

function plain(value) {
  if (typeof value === "bigint") return String(value);
  return ArrayBuffer.isView(value) ? Array.from(value, plain) : value;
}
