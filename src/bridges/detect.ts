import { RerunError } from "../errors.ts";
import { type Compression, compressionOf, decompressedHead } from "./input/decompress.ts";
import { isJson } from "./json/detect.ts";
import { type Framing, framingOf } from "./otlp/frames.ts";

export type InputFormat = "otlp-json" | "otlp-protobuf" | "jaeger-json" | "zipkin-json";

export interface DetectedFormat {
  /** Of a file that mixes them, what comes first. */
  readonly format: InputFormat;
  readonly compression?: Compression;
  /** How messages follow each other; protobuf only. */
  readonly framing?: Framing;
}

/** What is looked at of an input, unpacked. */
export const HEAD_BYTES = 64 << 10;

/**
 * Which format bytes are in, by their content alone; undefined when it is none that is read here.
 *
 * @param bytes the whole of a file, or its beginning: a few thousand bytes will do.
 * @throws RerunError ERR_RERUN_ARGUMENT for what are no bytes, the path of a file for example.
 */
export function detectFormat(bytes: Uint8Array): DetectedFormat | undefined {
  if (!ArrayBuffer.isView(bytes)) {
    throw new RerunError(
      "ERR_RERUN_ARGUMENT",
      `detectFormat takes bytes, not what they are the contents of: detectFormat(await readFile(path)); got ${typeof bytes}`,
    );
  }
  const compression = compressionOf(bytes);
  const head = compression === undefined ? asBuffer(bytes) : decompressedHead(bytes, compression);
  const unpacked = compression === undefined ? {} : { compression };
  if (isJson(head)) {
    const format = jsonFormatOf(head.toString("utf8", 0, HEAD_BYTES));
    return format && { format, ...unpacked };
  }
  const framing = framingOf(head, false) ?? framingOf(head, true);
  return framing && { format: "otlp-protobuf", framing, ...unpacked };
}

/** Names that only one format has, in the order in which they are looked for: OTLP's may contain anything as attributes. */
const MEMBERS: readonly (readonly [InputFormat, RegExp])[] = [
  ["otlp-json", /"(resource|scope|instrumentationLibrary)_?(spans|logs|metrics)"\s*:/i],
  ["jaeger-json", /"(operationName|processes|spanID)"\s*:/],
  ["otlp-json", /"span_?[iI]d"\s*:/],
  ["zipkin-json", /"traceId"\s*:/],
];

/** Zipkin's first version is not read; its annotations have endpoints. */
const ZIPKIN_V1 = /"(binaryAnnotations|endpoint)"\s*:/;

function jsonFormatOf(head: string): InputFormat | undefined {
  const format = MEMBERS.find(([, members]) => members.test(head))?.[0];
  return format === "zipkin-json" && ZIPKIN_V1.test(head) ? undefined : format;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
