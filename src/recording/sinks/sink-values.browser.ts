import { notInPage } from "../not-in-page.ts";

export type { ByteSize, ListeningSink } from "./sink-values.ts";

// The sinks of Node's `sink-values.ts`, none of which a page can have: a browser cannot send the stream of messages that gRPC wants
// (its fetch has no streamed requests over HTTP/1, and gRPC-web none at all).

export const stdoutIsTerminal = (): boolean => false;

export function fileSink(): never {
  throw notInPage("save");
}

export function grpcSink(): never {
  throw notInPage("connectGrpc");
}

export function stdoutSink(): never {
  throw notInPage("stdout");
}

export async function grpcServerSink(): Promise<never> {
  throw notInPage("serveGrpc");
}

export function serverSpec(): never {
  throw notInPage("serveGrpc");
}

export function listeningSink(): never {
  throw notInPage("serveGrpc");
}
