import { VARIED } from "../../../src/arrow/builders/list-column.ts";
import { ByteReader } from "../../../src/bytes/byte-reader.ts";
import { ByteWriter } from "../../../src/bytes/byte-writer.ts";
import type { Command, CommandResult } from "../../../src/pipeline/command.ts";
import {
  type Definition,
  RECORD_HEADER_BYTES,
  RecordKind,
  type ShapeDefinition,
} from "../../../src/pipeline/record.ts";
import type { Transport } from "../../../src/pipeline/transport.ts";
import { processState } from "../../../src/recording/process/process-state.ts";

/** A row as it went into the transport. */
export interface FakeRow {
  readonly recording: number;
  readonly entityPath: string;
  readonly isStatic: boolean;
  readonly flags: number;
  /** User timelines and `log_tick`; `log_time` is "now" when the row asks for it. */
  readonly times: Readonly<Record<string, bigint | "now">>;
  readonly components: Readonly<Record<string, unknown[]>>;
}

type WithHeader = ByteWriter & { header?: { kind: number; recording: number; flags: number } };

/** A transport that decodes what it is given, so that tests see rows and not bytes. Numbers and texts only. */
export class FakeTransport implements Transport {
  readonly definitions: Definition[] = [];
  readonly rows: FakeRow[] = [];
  readonly commands: Command[] = [];
  readonly dropped: { recording: number; reason: string; rows: number }[] = [];
  result: CommandResult = {};
  readonly #paths = new Map<number, string>();
  readonly #shapes = new Map<number, ShapeDefinition>();

  /** Rows of users: without properties and warnings. */
  get userRows(): FakeRow[] {
    return this.rows.filter(({ entityPath }) => !entityPath.startsWith("/__"));
  }

  begin(kind: RecordKind, recording: number, flags = 0): ByteWriter {
    const writer: WithHeader = new ByteWriter();
    writer.raw(new Uint8Array(RECORD_HEADER_BYTES));
    writer.header = { kind, recording, flags };
    return writer;
  }

  end(writer: WithHeader): boolean {
    const { kind, recording, flags } = writer.header!;
    if (kind === RecordKind.row) this.#row(recording, flags, new ByteReader(writer.written(), RECORD_HEADER_BYTES));
    if (kind === RecordKind.columns)
      this.#columns(recording, flags, new ByteReader(writer.written(), RECORD_HEADER_BYTES));
    return true;
  }

  abort(): void {}

  define(definition: Definition): void {
    this.definitions.push(definition);
    if (definition.type === "path") this.#paths.set(definition.no, definition.entityPath);
    if (definition.type === "shape") this.#shapes.set(definition.no, definition.shape);
  }

  post(command: Command): void {
    this.commands.push(command);
  }

  async request(command: Command): Promise<CommandResult> {
    this.commands.push(command);
    return this.result;
  }

  requestSync(command: Command): CommandResult {
    this.commands.push(command);
    return this.result;
  }

  countDropped(recording: number, reason: string, rows: number): void {
    this.dropped.push({ recording, reason, rows });
  }

  #row(recording: number, flags: number, reader: ByteReader): void {
    const entityPath = this.#paths.get(reader.u32())!;
    const shape = this.#shapes.get(reader.u32())!;
    reader.f64();
    const times: Record<string, bigint | "now"> = shape.logTime ? { log_time: "now" } : {};
    for (const { name } of shape.timelines) times[name] = reader.i64();
    const components: Record<string, unknown[]> = {};
    for (const { descriptor, type } of shape.columns)
      components[descriptor.component] = values(reader, type, reader.u32());
    this.rows.push({ recording, entityPath, isStatic: shape.isStatic, flags, times, components });
  }

  #columns(recording: number, flags: number, reader: ByteReader): void {
    const entityPath = this.#paths.get(reader.u32())!;
    const shape = this.#shapes.get(reader.u32())!;
    const rows = reader.u32();
    reader.align(8);
    const times = shape.timelines.map(({ name }) => ({
      name,
      values: Array.from({ length: rows }, () => reader.i64()),
    }));
    const columns = shape.columns.map(({ descriptor, type }) => {
      const each = reader.u32();
      const lengths = Array.from({ length: rows }, () => (each === VARIED ? reader.u32() : each));
      reader.align(8);
      const all = values(
        reader,
        type,
        lengths.reduce((sum, n) => sum + n, 0),
      );
      return { component: descriptor.component, lists: lengths.map((n) => all.splice(0, n)) };
    });
    for (let row = 0; row < rows; row++) {
      this.rows.push({
        recording,
        entityPath,
        isStatic: shape.isStatic,
        flags,
        times: Object.fromEntries(times.map(({ name, values }) => [name, values[row]!])),
        components: Object.fromEntries(columns.map(({ component, lists }) => [component, lists[row]!])),
      });
    }
  }
}

function values(reader: ByteReader, type: unknown, n: number): unknown[] {
  if (type === "Float64") return Array.from({ length: n }, () => reader.f64());
  if (type === "Int64") return Array.from({ length: n }, () => reader.i64());
  if (type === "UInt32") return Array.from({ length: n }, () => reader.u32());
  if (type === "Utf8") {
    const lengths = Array.from({ length: n }, () => reader.u32());
    return lengths.map((length) => Buffer.from(reader.raw(length)).toString());
  }
  if (n === 0) return [];
  throw new Error(`the fake transport does not read ${JSON.stringify(type)}`);
}

/** Puts a new fake transport in place of the process's, and forgets everything of the test before. */
export function useFakeTransport(): FakeTransport {
  const transport = new FakeTransport();
  const state = processState();
  state.hooks.createTransport = () => transport;
  state.transport = undefined;
  state.rowEncoder = undefined;
  state.globalRecording = undefined;
  state.threadRecording = undefined;
  state.strict = undefined;
  state.warned.clear();
  state.openRecordings.clear();
  return transport;
}

/** Everything that `process.emitWarning` was given until `stop` or the end of the test. */
export function collectWarnings(): { readonly messages: string[]; stop(): void } {
  const messages: string[] = [];
  const original = process.emitWarning;
  process.emitWarning = ((message: string | Error) => {
    messages.push(String(message));
  }) as typeof process.emitWarning;
  return {
    messages,
    stop() {
      process.emitWarning = original;
    },
  };
}
