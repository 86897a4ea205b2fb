import { proxyUrl } from "./grpc/proxy-address.ts";
import type { SinkSpec } from "./sink.ts";

/** Where a sink writes: sinks of the same place are one. It is what people read in errors too. */
export function sinkKey(spec: SinkSpec): string {
  switch (spec.kind) {
    case "file":
    case "pipe":
      return spec.path;
    case "grpc":
      return spec.url;
    case "grpc-server":
      return proxyUrl({ host: spec.host, port: spec.port, isSecure: false });
    case "feed":
    case "black-box":
      return spec.id;
    case "memory":
      return `memory ${spec.id}`;
    case "stdout":
    case "buffer":
      return spec.kind;
  }
}
