import { RerunError } from "../../errors.ts";

/** Where a proxy listens. */
export interface ProxyAddress {
  /** As it stands in a URL: an IPv6 address has its brackets. */
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
}

export const DEFAULT_PROXY_PORT = 9876;

/** The proxy that viewers run when nobody says otherwise. */
export const DEFAULT_PROXY_URL: string = `rerun+http://127.0.0.1:${DEFAULT_PROXY_PORT}/proxy`;

/** Whether the wire is encrypted, by scheme (rrd-format §6.1). */
const SCHEMES: Readonly<Record<string, boolean>> = { "rerun:": true, "rerun+https:": true, "rerun+http:": false };

/**
 * Reads `rerun+http://host:port/proxy`. The path is a part of the name only and is never sent.
 * @throws RerunError ERR_RERUN_ARGUMENT
 */
export function parseProxyUrl(url: string): ProxyAddress {
  const parsed = typeof url === "string" && URL.canParse(url) ? new URL(url) : undefined;
  const isSecure = parsed && SCHEMES[parsed.protocol];
  if (parsed === undefined || isSecure === undefined || parsed.hostname === "") {
    throw refused(url, `write it like ${DEFAULT_PROXY_URL} (or rerun+https:// or rerun:// for an encrypted one)`);
  }
  if (parsed.username !== "" || parsed.password !== "") {
    throw refused(hideUserInfo(parsed), "a proxy takes no user name or password");
  }
  if (parsed.pathname.replace(/\/$/, "") !== "/proxy" || parsed.search !== "") {
    throw refused(url, "recordings are sent to the endpoint /proxy of a server, no other");
  }
  const port = parsed.port === "" ? DEFAULT_PROXY_PORT : Number(parsed.port);
  if (port === 0) throw refused(url, "the port is missing");
  return { host: parsed.hostname, port, isSecure };
}

export function proxyUrl({ host, port, isSecure }: ProxyAddress): string {
  return `rerun+http${isSecure ? "s" : ""}://${host}:${port}/proxy`;
}

function refused(url: unknown, advice: string): RerunError {
  return new RerunError("ERR_RERUN_ARGUMENT", `${String(url)} is no address of a proxy: ${advice}`);
}

function hideUserInfo(url: URL): string {
  return `${url.protocol}//…@${url.host}${url.pathname}`;
}
