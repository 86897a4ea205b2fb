/**
 * What the page may do (I11): nothing but talk to the server it came from, and to the proxies it shows. WebAssembly is the viewer's;
 * styles are set by it at run time; blobs are what it saves and its screenshots.
 *
 * @param origins of the proxies
 */
export const contentSecurityPolicy = (origins: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    ["connect-src 'self'", ...origins].join(" "),
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
