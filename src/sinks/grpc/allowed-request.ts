import type { IncomingHttpHeaders } from "node:http";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|::1)$/;

export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** Who may talk to a proxy (I11). */
export interface Guard {
  /** Whether the name in the request is one of this server: a page elsewhere cannot reach it by DNS rebinding. */
  allowsHost(headers: IncomingHttpHeaders): boolean;
  /** Whether a web page of that origin may read the answers. Undefined: no page asks. */
  allowsOrigin(origin: string | undefined): boolean;
}

/**
 * @param host that the server is bound to; on another interface than loopback it has names that are not known here.
 * @param origins of pages, beside those of this machine and of rerun.io, which the official server allows too.
 */
export function createGuard(host: string, origins: readonly string[]): Guard {
  const isLocal = isLoopback(host);
  const patterns = origins.map(pattern);
  return {
    allowsHost(headers) {
      if (!isLocal) return true;
      const name = String(headers[":authority"] ?? headers.host ?? "").replace(/:\d+$/, "");
      return isLoopback(name);
    },
    allowsOrigin(origin) {
      if (origin === undefined) return true;
      return isKnown(origin) || patterns.some((allowed) => allowed.test(origin));
    },
  };
}

function isKnown(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname } = new URL(origin);
  if (protocol === "https:" && (hostname === "rerun.io" || hostname.endsWith(".rerun.io"))) return true;
  return (protocol === "http:" || protocol === "https:") && isLoopback(hostname);
}

/** `https://*.example.com` */
function pattern(origin: string): RegExp {
  return new RegExp(
    `^${origin
      .split("*")
      .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"))
      .join(".*")}$`,
  );
}
