import { expect, it } from "vitest";
import { parseProxyUrl, proxyUrl } from "../../../../src/sinks/grpc/proxy-address.ts";

it.each([
  ["rerun+http://127.0.0.1:9876/proxy", { host: "127.0.0.1", port: 9876, isSecure: false }],
  ["rerun+http://localhost/proxy", { host: "localhost", port: 9876, isSecure: false }],
  ["rerun+https://viewer.example:443/proxy/", { host: "viewer.example", port: 443, isSecure: true }],
  ["rerun://viewer.example:51234/proxy", { host: "viewer.example", port: 51234, isSecure: true }],
  ["rerun+http://[::1]:9876/proxy", { host: "[::1]", port: 9876, isSecure: false }],
])("%s", (url, address) => {
  expect(parseProxyUrl(url)).toEqual(address);
  expect(parseProxyUrl(proxyUrl(parseProxyUrl(url)))).toEqual(address);
});

it.each([
  "",
  "127.0.0.1:9876",
  "http://127.0.0.1:9876/proxy",
  "rerun+http:///proxy",
  "rerun+http://127.0.0.1:9876",
  "rerun+http://127.0.0.1:9876/catalog",
  "rerun+http://127.0.0.1:9876/dataset/187",
  "rerun+http://127.0.0.1:99999/proxy",
  "rerun+http://127.0.0.1:0/proxy",
  "rerun+http://127.0.0.1:9876/proxy?x=1",
])("%j is refused", (url) => {
  expect(() => parseProxyUrl(url)).toThrow(expect.objectContaining({ code: "ERR_RERUN_ARGUMENT" }));
});

it("does not repeat a password in its message", () => {
  expect(() => parseProxyUrl("rerun://user:secret@host/proxy")).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining("secret") }),
  );
});
