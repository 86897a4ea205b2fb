import { describe, expect, it } from "vitest";
import { RecordKind } from "../../../src/pipeline/record.ts";
import { RingClient } from "../../../src/pipeline/ring-client.ts";
import { RingRecords } from "../../../src/pipeline/ring-records.ts";
import { RowEncoder } from "../../../src/pipeline/row-encoder.ts";
import type { Command, CommandResult, Transport } from "../../../src/pipeline/transport.ts";
import { Writer } from "../../../src/pipeline/writer.ts";
import { openRrd } from "../../../src/reader.ts";
import { scalar, text } from "./harness.ts";
import { frameTimes } from "./recorded.ts";

/** A thread's records without the thread: they are read when a test says so. */
class Records extends RingRecords implements Transport {
  readonly writer = new Writer({ onWarning: () => {}, environment: {} });
  readonly #client: RingClient;

  constructor(ringBytes = 1 << 16) {
    super({ limitBytes: ringBytes, firstBytes: ringBytes, waitMillis: 0 }, false);
    this.#client = new RingClient({
      no: 0,
      ring: this.ring.outstanding,
      clockSkew: 0,
      receive: () => this.#client.consumer.takeAll(this.ring.outstanding),
      onCommand: (command) => void this.writer.run(command, false),
    });
    this.define({ type: "recording", no: 1, store: { kind: "recording", applicationId: "a", recordingId: "1" } });
  }

  /** The writer reads all there is and frees it. */
  read(): void {
    while (this.#client.read(this.writer, 1 << 20) > 0);
    this.#client.consumer.free(this.#client.consumer.position);
  }

  post(command: Command): void {
    this.command(command, 0);
  }

  async request(): Promise<CommandResult> {
    return {};
  }

  requestSync(command: Command): CommandResult {
    this.read();
    return this.writer.run(command);
  }

  protected send(): boolean {
    return true;
  }

  protected callReader(): boolean {
    return true;
  }
}

function recording() {
  const records = new Records();
  const encoder = new RowEncoder(records, { onFailure: () => {} });
  return {
    records,
    log: (path: string, values: unknown, spec = scalar): boolean =>
      encoder.logRow(1, path, frameTimes(1), [{ spec, values }], performance.now(), 0),
    stats: () => {
      records.post({ type: "flush", timeoutMillis: 0 });
      records.read();
      return records.writer.stores.statsOf(1)!;
    },
  };
}

describe("what is defined inside of a record", () => {
  it("is known to the writer, also where the ring is full and rows are refused", () => {
    const { records, log, stats } = recording();
    log("known", "x", text);
    while (log("known", "x".repeat(1000), text));
    const outer = records.begin(RecordKind.row, 1);
    expect(log("new", "y".repeat(6000), text)).toBe(true); // the getter of a row logs to a path that nobody has used
    expect(records.end(outer)).toBe(false);
    records.read();
    const before = stats().rowsAccepted;
    for (let i = 0; i < 10; i++) expect(log("new", "z", text)).toBe(true);
    const { rowsAccepted, rowsWritten, rowsDropped } = stats();
    expect(rowsAccepted - before).toBe(10);
    expect(rowsDropped.encode).toBeUndefined();
    // the row that filled the ring, the outer one and the one inside: a definition is no row
    expect(rowsDropped).toEqual({ overflow: 3 });
    expect(rowsWritten).toBe(rowsAccepted - 3);
  });

  it("leaves that record whole, and may be used by it", async () => {
    const { records, log } = recording();
    records.post({ type: "set-sinks", recording: 1, sinks: [{ kind: "memory", id: 1 }] });
    const nosy = new Proxy([1, 2], {
      get(target, key, receiver) {
        if (key === "1") log("inner", 7);
        return Reflect.get(target, key, receiver);
      },
    });
    log("outer", nosy);
    log("after", 3);
    const { bytes } = records.requestSync({ type: "drain-memory", id: 1, timeoutMillis: 0 });
    const rows: Record<string, unknown> = {};
    for await (const { entityPath, components } of (await openRrd(bytes!)).chunks()) {
      rows[entityPath] = [...(components[0]!.get(0) ?? [])];
    }
    expect(rows).toEqual({ "/outer": [1, 2], "/inner": [7], "/after": [3] });
  });
});
