import { fromBinary } from "@bufbuild/protobuf";
import type { Decoded } from "../decoded.ts";
import type { FormatReader, ReaderContext } from "../format-reader.ts";
import { compressionOf, decompressed } from "../input/decompress.ts";
import { isJson } from "../json/detect.ts";
import type { Fields } from "../json/fields.ts";
import { JsonInput } from "../json/json-input.ts";
import { decodeResource } from "./decode.ts";
import { type Frame, type Framing, frameAt, varintAt } from "./frames.ts";
import { ResourceLogsSchema } from "./proto/opentelemetry/proto/logs/v1/logs_pb.ts";
import { ResourceMetricsSchema } from "./proto/opentelemetry/proto/metrics/v1/metrics_pb.ts";
import { ResourceSpansSchema } from "./proto/opentelemetry/proto/trace/v1/trace_pb.ts";
import { fieldsOf, signalOfResource } from "./wire.ts";

const SCHEMAS = { spans: ResourceSpansSchema, logs: ResourceLogsSchema, metrics: ResourceMetricsSchema } as const;

/** The tag of a resource in an export request. */
const RESOURCE_TAG = 0x0a;

/**
 * OTLP protobuf. A single message may be as large as it likes, since its resources are read one by one as they come; of the framed
 * forms a whole message is in memory.
 */
export class ProtobufInput implements FormatReader {
  readonly #decoded: Decoded;
  readonly #context: ReaderContext;
  readonly #framing: Framing;
  #rest: Buffer = Buffer.alloc(0);
  /** What is still missing of the frame that has begun; until then bytes are only collected. */
  #parts: Buffer[] = [];
  #wanted = 0;
  #collected = 0;
  /** Bytes of a frame beyond the limit that are still to come. */
  #toSkip = 0;
  /** Offset of `#rest` in the input. */
  #offset = 0;
  #hasFailed = false;

  constructor(decoded: Decoded, context: ReaderContext, framing: Framing) {
    this.#decoded = decoded;
    this.#context = context;
    this.#framing = framing;
  }

  push(chunk: Buffer): void {
    if (this.#hasFailed) return;
    this.#parts.push(chunk);
    this.#collected += chunk.length;
    if (this.#rest.length + this.#collected < this.#wanted) return;
    let bytes = Buffer.concat([this.#rest, ...this.#parts]);
    this.#parts = [];
    this.#collected = 0;
    this.#wanted = 0;
    const skipped = Math.min(this.#toSkip, bytes.length);
    this.#toSkip -= skipped;
    this.#offset += skipped;
    bytes = bytes.subarray(skipped);
    this.#rest = this.#readFrames(bytes);
  }

  end(): void {
    const left = this.#rest.length + this.#collected;
    if (!this.#hasFailed && (left > 0 || this.#toSkip > 0)) {
      this.#context.problem("the input ends in the middle of a message", { offset: this.#offset });
    }
  }

  /** Reads what is whole; the rest is returned. */
  #readFrames(bytes: Buffer): Buffer {
    let at = 0;
    while (at < bytes.length && !this.#hasFailed) {
      const frame = this.#frameAt(bytes, at);
      if (frame === undefined) break;
      const end = frame.start + frame.length;
      if (frame.length > this.#context.maxPieceBytes) {
        const reason = `a message of ${frame.length} bytes is larger than ${this.#context.maxPieceBytes} bytes`;
        this.#context.problem(reason, { offset: this.#offset + at });
        const here = Math.min(end, bytes.length);
        this.#toSkip = end - here;
        at = here;
        continue;
      }
      if (end > bytes.length) {
        this.#wanted = end - at;
        break;
      }
      this.#readFrame(bytes.subarray(frame.start, end), this.#offset + frame.start);
      at = end;
    }
    this.#offset += at;
    return bytes.subarray(at);
  }

  #frameAt(bytes: Buffer, at: number): Frame | undefined {
    if (this.#framing === "single") {
      // a resource as a frame of its own
      if (bytes[at] === RESOURCE_TAG) return this.#tried(() => varintAt(bytes, at + 1), at);
      this.#fail("this is no field of an export request", at);
      return undefined;
    }
    const { length } = bytes;
    const framing = this.#framing;
    return at < length ? this.#tried(() => frameAt(bytes, at, framing), at) : undefined;
  }

  #readFrame(bytes: Buffer, offset: number): void {
    if (this.#framing === "single") {
      this.#readResource(bytes, offset);
      return;
    }
    if (compressionOf(bytes) !== undefined) {
      this.#readPacked(bytes, offset);
      return;
    }
    try {
      for (const { no, bytes: resource } of fieldsOf(bytes)) {
        if (no === 1 && resource !== undefined) this.#readResource(resource, offset);
      }
    } catch (error) {
      this.#context.problem(`a message cannot be read: ${(error as Error).message}`, { offset });
    }
  }

  /** The Collector packs each message, of JSON too, when its file exporter has a compression. */
  #readPacked(packed: Buffer, offset: number): void {
    let bytes: Buffer;
    try {
      bytes = decompressed(packed, this.#context.maxPieceBytes);
    } catch (error) {
      this.#context.problem(`a message cannot be unpacked: ${(error as Error).message}`, { offset });
      return;
    }
    if (!isJson(bytes)) {
      this.#readFrame(bytes, offset);
      return;
    }
    const problem = (reason: string): void => this.#context.problem(reason, { offset });
    const json = new JsonInput(this.#decoded, { ...this.#context, problem });
    json.push(bytes);
    json.end();
  }

  #readResource(bytes: Uint8Array, offset: number): void {
    try {
      const signal = signalOfResource(bytes);
      if (signal === undefined) return;
      const message = fromBinary(SCHEMAS[signal] as typeof ResourceSpansSchema, bytes);
      decodeResource[signal](message as unknown as Fields, this.#decoded);
    } catch (error) {
      this.#context.problem(`a resource cannot be read: ${(error as Error).message}`, { offset });
    }
  }

  #tried(read: () => Frame | undefined, at: number): Frame | undefined {
    try {
      return read();
    } catch (error) {
      this.#fail((error as Error).message, at);
      return undefined;
    }
  }

  /** Without its length nobody knows where the next message begins. */
  #fail(reason: string, at: number): void {
    this.#hasFailed = true;
    this.#context.problem(`${reason}; the rest is not read`, { offset: this.#offset + at });
  }
}
