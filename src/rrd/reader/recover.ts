import { create, type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { MESSAGE_HEADER_BYTES } from "../frame.ts";
import type { LogMessage } from "../log-message.ts";
import {
  ArrowMsgSchema,
  BlueprintActivationCommandSchema,
  type SetStoreInfo,
  SetStoreInfoSchema,
  StoreSourceExtraSchema,
  StoreSourceKind,
  StoreSourceSchema,
} from "../proto/rerun/log_msg/v1alpha1/log_msg_pb.ts";
import { openRrd, type RrdInput } from "./open-rrd.ts";
import type { RrdProblem } from "./problem.ts";
import type { RrdReader } from "./rrd-reader.ts";
import { StoredChunk } from "./stored-message.ts";

/** What is left of a file, and what is not. */
export interface Recovery {
  /** Every message that is whole and can be read, in the order of the file. */
  readonly messages: readonly LogMessage[];
  /** What was left out, and why, in the order of the file; empty if the file is whole. */
  readonly problems: readonly RrdProblem[];
}

/**
 * Takes out of a file whatever can be read: unlike `chunks()` of a reader it passes over messages that are damaged. All of them
 * are decoded to see that, and held in memory.
 *
 * @throws RerunError ERR_RERUN_FILE if the file cannot be read, ERR_RERUN_FORMAT if it does not begin as a recording.
 */
export async function recover(input: RrdInput): Promise<Recovery> {
  return recoverFrom(await openRrd(input));
}

export async function recoverFrom(reader: RrdReader): Promise<Recovery> {
  const messages: LogMessage[] = [];
  const found: RrdProblem[] = [];
  for await (const message of reader.messages()) {
    const damage = message instanceof StoredChunk ? damageOf(message) : undefined;
    if (damage === undefined) messages.push(clean(message));
    else found.push(damage);
  }
  const problems = [...reader.problems, ...found];
  return { messages, problems: problems.sort((a, b) => a.offset - b.offset) };
}

const SCHEMAS = {
  "store-info": SetStoreInfoSchema,
  arrow: ArrowMsgSchema,
  activation: BlueprintActivationCommandSchema,
} as const;

/** Without what nobody knows the meaning of: damaged bytes may look like fields, and not every reader passes over all of them. */
function clean(message: LogMessage): LogMessage {
  const schema: DescMessage = SCHEMAS[message.kind];
  const fields = fromBinary(schema, message.payload);
  if (message.kind === "store-info") mendSource(fields as SetStoreInfo);
  const payload = toBinary(schema, fields, { writeUnknownFields: false });
  const isSame = payload.length === message.payload.length && payload.every((byte, i) => byte === message.payload[i]);
  if (isSame) return message;
  return message.kind === "arrow" ? new StoredChunk(message.store, payload) : { ...message, payload };
}

/** Those whose source is described by a message in a field of bytes, which official readers decode and ours does not look at. */
const DESCRIBED: ReadonlySet<StoreSourceKind> = new Set([
  StoreSourceKind.PYTHON_SDK,
  StoreSourceKind.RUST_SDK,
  StoreSourceKind.FILE,
]);

/** Who wrote a recording is not worth the recording. */
function mendSource({ info }: SetStoreInfo): void {
  const source = info?.storeSource;
  if (info === undefined || source === undefined || !DESCRIBED.has(source.kind)) return;
  if (source.extra !== undefined && isDescription(source.extra.payload)) return;
  const extra = create(StoreSourceExtraSchema, { payload: new TextEncoder().encode("unknown") });
  info.storeSource = create(StoreSourceSchema, { kind: StoreSourceKind.OTHER, extra });
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Numbers and texts only, each whole: versions of languages and compilers, the kind of a file. */
function isDescription(bytes: Uint8Array): boolean {
  try {
    const reader = new BinaryReader(bytes, (text) => utf8.decode(text));
    while (reader.pos < reader.len) {
      const [, wireType] = reader.tag();
      if (wireType === WireType.Varint) reader.uint64();
      else if (wireType === WireType.LengthDelimited) reader.string();
      else return false;
    }
    return reader.pos === reader.len;
  } catch {
    return false;
  }
}

function damageOf(chunk: StoredChunk): RrdProblem | undefined {
  try {
    chunk.decodeStrictly();
    return undefined;
  } catch (error) {
    const length = MESSAGE_HEADER_BYTES + chunk.payload.length;
    return { kind: "damaged", offset: chunk.offset, length, message: (error as Error).message };
  }
}
