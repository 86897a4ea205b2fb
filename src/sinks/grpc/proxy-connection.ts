import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { RerunError } from "../../errors.ts";
import type { LogMessage } from "../../rrd/log-message.ts";
import { MessageProxyService } from "../../rrd/proto/rerun/sdk_comms/v1alpha1/sdk_comms_pb.ts";
import { encodedLogMsg } from "./encoded-log-msg.ts";
import type { ProxyAddress } from "./proxy-address.ts";

/** One connection to a proxy. */
export interface ProxyConnection {
  /**
   * Sends the messages one after another. Resolves when they have ended and the proxy has taken all of them; rejects with a
   * RerunError when it does not want the last one, with anything else when the connection is lost.
   */
  write(messages: AsyncIterable<LogMessage>): Promise<void>;
  /** Resolves when the connection is no more. */
  readonly closed: Promise<void>;
  close(): void;
}

/** Rejects when nobody is there. */
export type ConnectToProxy = (address: ProxyAddress) => Promise<ProxyConnection>;

/** An address that answers nothing at all is given up after so long, and tried again later. */
const CONNECT_TIMEOUT_MILLIS = 5000;

/** A peer that is gone without a word is noticed after so long without traffic. */
const KEEP_ALIVE_MILLIS = 10_000;

/** What the proxy says of a message, not of the connection: sent again it would be refused again. */
const REFUSALS: readonly Code[] = [Code.InvalidArgument, Code.ResourceExhausted];

/** Opens an HTTP/2 connection, by prior knowledge where it is not encrypted. It never keeps the process alive (I1). */
export const connectToProxy: ConnectToProxy = async (address) => {
  const { host, port, isSecure } = address;
  const baseUrl = `http${isSecure ? "s" : ""}://${host}:${port}`;
  const socket = openSocket(address);
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  const createConnection = (): Socket => {
    // by itself it would connect once more, and nobody would send again what the proxy has lost
    if (socket.destroyed) throw new Error("the connection was closed");
    return socket;
  };
  const session = new Http2SessionManager(baseUrl, {}, { createConnection });
  if ((await session.connect()) === "error") throw session.error() ?? new Error("the connection failed");
  const transport = createGrpcTransport({ baseUrl, sessionManager: session, acceptCompression: [] });
  const client = createClient(MessageProxyService, transport);
  return {
    async write(messages) {
      try {
        await client.writeMessages(requests(messages));
      } catch (error) {
        throw error instanceof ConnectError && REFUSALS.includes(error.code) ? refused(error) : error;
      }
    },
    closed,
    close: () => session.abort(),
  };
};

async function* requests(messages: AsyncIterable<LogMessage>) {
  for await (const message of messages) yield { logMsg: encodedLogMsg(message) };
}

function refused(cause: ConnectError): RerunError {
  return new RerunError("ERR_RERUN_SINK", `the proxy refuses a message: ${cause.rawMessage}`, { cause });
}

function openSocket({ host, port, isSecure }: ProxyAddress): Socket {
  const hostname = host.replace(/^\[|\]$/g, "");
  const socket = isSecure
    ? connectTls({ host: hostname, port, servername: hostname, ALPNProtocols: ["h2"] })
    : connectTcp({ host: hostname, port, noDelay: true });
  socket.setTimeout(CONNECT_TIMEOUT_MILLIS, () => socket.destroy(new Error(`no answer from ${hostname}:${port}`)));
  socket.once(isSecure ? "secureConnect" : "connect", () => socket.setTimeout(0));
  socket.setKeepAlive(true, KEEP_ALIVE_MILLIS);
  socket.unref();
  // the session asks for it again with every stream
  socket.ref = () => socket;
  return socket;
}
