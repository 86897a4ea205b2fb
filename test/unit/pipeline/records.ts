import type { Command, CommandResult } from "../../../src/pipeline/command.ts";
import type { OutstandingRing } from "../../../src/pipeline/ring/ring-producer.ts";
import type { Transport } from "../../../src/pipeline/transport.ts";
import { Writer } from "../../../src/pipeline/writer.ts";
import { RingClient } from "../../../src/pipeline/writer-thread/ring-client.ts";
import { RingRecords } from "../../../src/pipeline/writer-thread/ring-records.ts";

/** A thread's records without the thread: they are read when a test says so. */
export class Records extends RingRecords implements Transport {
  readonly writer = new Writer({ onWarning: () => {}, environment: {} });
  readonly client: RingClient;

  constructor(ringBytes = 1 << 16) {
    super({ limitBytes: ringBytes, firstBytes: ringBytes, waitMillis: 0 }, false);
    this.client = new RingClient({
      no: 0,
      ring: this.ring.outstanding,
      clockSkew: 0,
      receive: () => this.client.consumer.takeAll(this.ring.outstanding),
      onCommand: (command) => void this.writer.run(command, false),
    });
    this.define({ type: "recording", no: 1, store: { kind: "recording", applicationId: "a", recordingId: "1" } });
  }

  get outstanding(): OutstandingRing {
    return this.ring.outstanding;
  }

  /** The writer reads all there is. */
  read(): void {
    while (this.client.read(this.writer, 1 << 20) > 0);
  }

  /** And what it read is safe. */
  free(): void {
    this.client.consumer.free(this.client.consumer.position);
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

  protected isReaderGone(): boolean {
    return false;
  }

  protected send(): boolean {
    return true;
  }

  protected callReader(): boolean {
    return true;
  }
}
