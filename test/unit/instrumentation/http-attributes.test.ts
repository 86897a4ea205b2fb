import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { clientAttributes, serverAttributes } from "../../../instrumentation/http/http-attributes.ts";

const request = (host: string) => ({ url: "/", httpVersion: "1.1", headers: { host } }) as unknown as IncomingMessage;

describe("the host of a request", () => {
  it.each([
    ["shop.test", "shop.test", undefined],
    ["shop.test:81", "shop.test", 81],
    ["[::1]:81", "::1", 81],
    ["::1", "::1", undefined],
    ["ada:q0secret0q@shop.test:81", "shop.test", 81],
    ["ada:q0secret0q@", "", undefined],
    ["ada:q0secret0q", "_OTHER", undefined],
  ])("%s is recorded without a user, or not at all", (host, address, port) => {
    const attributes = serverAttributes(request(host));
    expect([attributes["server.address"], attributes["server.port"]]).toEqual([address, port]);
    expect(clientAttributes("GET", "http", host, "/")["server.address"]).toBe(address);
  });
});
