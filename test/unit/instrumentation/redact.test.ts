import { format, inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  installRedaction,
  redactAttributes,
  redactLog,
  redactQuery,
  redactSpan,
  redactText,
  redactUrl,
} from "../../../instrumentation/redact.ts";
import { processState } from "../../../src/recording/process/process-state.ts";
import type { LogRecord, Span } from "../../../src/telemetry/model.ts";

/** Long and odd enough not to be in a text by chance. */
const secret = fc
  .string({
    unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~+/!$*@#%^"),
    minLength: 8,
    maxLength: 60,
  })
  .map((text) => `q${text}7z`);
const key = fc.constantFrom(
  "password",
  "db_password",
  "apiKey",
  "api-key",
  "X-API-Key",
  "access_token",
  "clientSecret",
  "token",
  "Authorization",
  "set-cookie",
  "pwd",
  "AWS_SECRET_ACCESS_KEY",
);
const prose = fc.string({ unit: fc.constantFrom(..."abc defg,.:;()[]{}\n"), maxLength: 40 });

describe("no secret survives (I12)", () => {
  it.each<[string, (key: string, secret: string) => string]>([
    ["key=value", (key, secret) => `${key}=${secret}`],
    ["key: value", (key, secret) => `${key}: ${secret}`],
    ["JSON", (key, secret) => JSON.stringify({ a: 1, [key]: secret, b: "kept" })],
    ["nested JSON in a text", (key, secret) => `body ${JSON.stringify(JSON.stringify({ [key]: secret }))}`],
    ["an object as the console prints it", (key, secret) => inspect({ user: "ada", deep: { [key]: secret } })],
    ["a map as the console prints it", (key, secret) => inspect(new Map([[key, secret]]))],
    ["format with %o", (key, secret) => format("%o", { [key]: secret })],
    ["a quoted value", (key, secret) => `${key} = "${secret}"`],
    ["a header", (key, secret) => `> ${key}: Bearer ${secret}`],
  ])("in console text: %s", (_, write) => {
    fc.assert(
      fc.property(key, secret, prose, prose, (key, secret, before, after) => {
        const text = `${before} ${write(key, secret)} ${after}`;
        expect(redactText(text)).not.toContain(secret);
      }),
    );
  });

  it("in several lines: a private key", () => {
    const pem = `-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA7\nq0secretq0\n-----END RSA PRIVATE KEY-----\n`;
    for (const text of [
      pem,
      inspect({ pem }),
      JSON.stringify({ pem }),
      pem.slice(0, 60),
      inspect({ privateKey: pem }),
    ]) {
      expect(redactText(`key ${text} end`), text).not.toMatch(/MIIEow|q0secret/);
    }
  });

  it("in a bearer or basic scheme, a JSON web token and the user of a URL, without a telling key", () => {
    for (const text of [
      "sent Bearer q0secret0q to x",
      "sent basic cTBzZWNyZXQ6MHE=",
      "jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.q0secret0q",
      "postgres://ada:q0secret0q@db/shop",
    ]) {
      expect(redactText(text), text).not.toMatch(/q0secret0q|cTBzZWNyZXQ6MHE/);
    }
  });

  it("in a query", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), secret), { minLength: 1 }), (pairs) => {
        const query = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
        const clean = [
          redactQuery(query),
          redactUrl(`https://ada:${encodeURIComponent(pairs[0]![1])}@host/path?${query}`),
        ];
        for (const [, value] of pairs) for (const text of clean) expect(text).not.toContain(encodeURIComponent(value));
        for (const [name] of pairs) expect(clean[0]).toContain(`${name}=`);
      }),
    );
  });

  it("in URLs without a user, or with @ in the password", () => {
    for (const text of [
      "redis://:q0secret0q@host:6379",
      "postgres://ada:x@q0secret0q@db/shop",
      "postgres://ada:x@y@q0secret0q@db",
    ]) {
      for (const clean of [redactText(text), redactUrl(text)]) expect(clean).not.toContain("q0secret0q");
      expect(redactText(`to ${text} failed`)).toMatch(/^to \w+:\/\/REDACTED@\S+ failed$/);
    }
  });

  it("in queries and fragments of URLs and paths inside a text", () => {
    for (const [text, clean] of [
      ["GET https://x/y?sig=q0secret0q&n=1 failed", "GET https://x/y?sig=REDACTED&n=REDACTED failed"],
      ["to '/cb?code=q0secret0q', next: 'kept'", "to '/cb?code=REDACTED', next: 'kept'"],
      ["https://x/y#access_token=q0secret0q", "https://x/y#access_token=REDACTED"],
      ["https://x/y?q0secret0q&a=q0secret0q#id=q0secret0q", "https://x/y?REDACTED&a=REDACTED#id=REDACTED"],
    ] as const) {
      expect(redactText(text)).toBe(clean);
    }
    expect(redactUrl("https://x/y#access_token=q0secret0q")).toBe("https://x/y#access_token=REDACTED");
    expect(redactUrl("https://x/#/login?token=q0secret0q")).toBe("https://x/#/login?token=REDACTED");
    expect(redactUrl("https://x/y#chapter")).toBe("https://x/y#chapter");
  });

  it("in names, events and harmless attributes of a span, its resource, and lists of names and values", () => {
    const secret = "q0secret0q";
    const url = `https://x/y?code=${secret}`;
    const times = { startTime: 0n, endTime: 1n };
    const attributes = {
      note: `Authorization: Bearer ${secret}`,
      "db.connection_string": `redis://:${secret}@h`,
      "http.request.header.referer": [url],
      rawHeaders: ["Host", "kept", "X-Api-Key", secret],
      "process.command_args": ["node", "--password", secret],
    };
    const common = { resource: { attributes }, scope: { name: "" }, traceId: "1", spanId: "2" };
    const span: Span = {
      ...common,
      ...times,
      name: `GET ${url}`,
      kind: 0,
      status: { code: 2, message: url },
      attributes,
      segments: [{ name: url, ...times, status: { code: 0 }, attributes }],
      events: [{ name: `login password=${secret}`, time: 0n, attributes: { body: `token=${secret}` } }],
      links: [],
    };
    const record: LogRecord = { ...common, time: 0n, body: `see ${url}`, attributes };
    installRedaction();
    const { redact } = processState().hooks;
    const start = { ...common, name: span.name, kind: 0, startTime: 0n } as const;
    const clean = [
      { ...redact?.("span", span), resource: undefined },
      { ...redact?.("log", record), resource: undefined },
      redact?.("start", start)?.name,
      redact?.("resource", common.resource),
    ];
    expect(inspect(clean, { depth: 20 })).not.toContain(secret);
    expect(inspect(clean, { depth: 20 })).toContain("kept");
    // a recorder writes a resource once, and knows it by its identity
    expect(redact?.("resource", common.resource)).toBe(redact?.("resource", common.resource));
  });

  it("in attributes of spans, segments, events, links and log records", () => {
    fc.assert(
      fc.property(key, secret, (key, secret) => {
        const attributes = {
          [key]: secret,
          list: [{ [key]: secret }],
          "url.full": `http://h/p?a=${secret}`,
          "exception.message": `${key}=${secret}`,
        };
        const times = { startTime: 0n, endTime: 1n };
        const status = { code: 2, message: `${key}: ${secret}` } as const;
        const span: Span = {
          traceId: "1",
          spanId: "2",
          name: "n",
          kind: 0,
          resource: { attributes: {} },
          scope: { name: "" },
          ...times,
          status,
          attributes,
          segments: [{ name: "s", ...times, status, attributes }],
          events: [{ name: "exception", time: 0n, attributes }],
          links: [{ traceId: "1", spanId: "2", attributes }],
        };
        const record: LogRecord = {
          time: 0n,
          body: { [key]: [secret] },
          attributes,
          scope: { name: "" },
          resource: { attributes: {} },
        };
        const text = inspect([redactSpan(span), redactLog(record)], { depth: 20 });
        expect(text).not.toContain(secret);
        expect(text).toContain(key);
      }),
    );
  });
});

describe("what is no secret stays", () => {
  it("as the same text and object", () => {
    for (const text of [
      "order 7 accepted",
      "3 tokens used",
      "GET /users/7?x",
      "https://example.org/a:b@c",
      "a ? b = c",
      "issue #7 = done",
    ]) {
      expect(redactText(text)).toBe(text);
    }
    const attributes = { "http.route": "/a", "gen_ai.usage.input_tokens": 7, list: ["a"] };
    expect(redactAttributes(attributes)).toBe(attributes);
  });

  it("around a secret", () => {
    expect(redactText("login ada password=q0secret0q from 10.0.0.1")).toBe("login ada password=REDACTED from 10.0.0.1");
  });

  it("and no text takes long (I7)", () => {
    for (const part of [
      "password",
      "cookie:",
      "token=",
      "a=b&",
      "bearer ",
      "eyJ",
      "://a:",
      "-----BEGIN PRIVATE KEY-----",
      "'\\",
      "' + '",
      "a?b",
      "a#",
      "a?b=",
      "://:a@",
      "://a:@b",
    ]) {
      const text = part.repeat((64 << 10) / part.length);
      const start = performance.now();
      redactText(text);
      expect(performance.now() - start, part).toBeLessThan(5000);
    }
  });
});
