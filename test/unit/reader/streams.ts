import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { type LogMessage, openRrd, type RrdChunk, type RrdReader } from "../../../src/reader.ts";
import { Compression } from "../../../src/rrd/proto/rerun/common/v1alpha1/common_pb.ts";
import { ArrowMsgSchema } from "../../../src/rrd/proto/rerun/log_msg/v1alpha1/log_msg_pb.ts";
import { parseArrowPayload, unpackIpc } from "../../../src/rrd/reader/arrow-payload.ts";
import { RrdFileWriter } from "../../../src/rrd/rrd-file-writer.ts";

const folder = fileURLToPath(new URL("../../golden", import.meta.url));

/** Recordings of the official SDK. */
export const goldenFiles: readonly string[] = readdirSync(folder).filter((name) => /\.(rrd|rbl)$/.test(name));

export function goldenPath(name: string): string {
  return `${folder}/${name}`;
}

export function golden(name: string): Uint8Array {
  return new Uint8Array(readFileSync(goldenPath(name)));
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** Messages as a file of ours. */
export function written(messages: readonly LogMessage[], writeFooter: boolean): Uint8Array {
  const parts: Uint8Array[] = [];
  const writer = new RrdFileWriter((bytes) => parts.push(bytes.slice()), { writeFooter });
  for (const message of messages) writer.write(message);
  writer.finish();
  return joined(...parts);
}

/** The same file with its chunks unpacked, so that a flipped byte is not LZ4's to find. */
export async function uncompressed(bytes: Uint8Array): Promise<Uint8Array> {
  const messages = await all((await openRrd(bytes)).messages());
  return written(
    messages.map((message) => {
      if (message.kind !== "arrow") return message;
      const payload = unpackIpc(parseArrowPayload(message.payload).packed);
      const fields = fromBinary(ArrowMsgSchema, message.payload);
      const { store, isStatic, summary } = message;
      const plain = toBinary(ArrowMsgSchema, { ...fields, compression: Compression.NONE, payload });
      return { kind: "arrow", store, isStatic, summary, payload: plain };
    }),
    true,
  );
}

/** Every value of every chunk, as text. */
export async function rows(reader: RrdReader): Promise<string[]> {
  return (await all(reader.chunks())).map(rowsOf);
}

export function rowsOf({ entityPath, numRows, rowIds, timelines, components }: RrdChunk): string {
  const cells: unknown[] = [entityPath, [...rowIds]];
  for (let row = 0; row < numRows; row++) {
    for (const { name, get } of timelines) cells.push(name, get(row));
    for (const { component, get } of components) cells.push(component, get(row));
  }
  return JSON.stringify(cells, (_, value) => {
    if (typeof value === "bigint") return `${value}n`;
    return ArrayBuffer.isView(value) ? Array.from(value as Float64Array, String) : value;
  });
}
