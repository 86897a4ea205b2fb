import { afterEach, describe, expect, it, vi } from "vitest";
import { redactAttributes, redactLog, redactQuery, redactText, redactUrl } from "../../../instrumentation/redact.ts";
import { configureRedaction } from "../../../instrumentation/redaction-options.ts";
import type { LogRecord } from "../../../src/telemetry/model.ts";

const scope = { name: "test" };
const log = (body: string, attributes = {}): LogRecord => ({
  time: 0n,
  body,
  attributes,
  scope,
  resource: { attributes: {} },
});

describe("configureRedaction", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    configureRedaction({});
  });

  it("adds keys, for attributes, text and query, as words or expressions", () => {
    expect(redactAttributes({ "user.iban": "DE1", "x.y": 1 })).toEqual({ "user.iban": "DE1", "x.y": 1 });
    configureRedaction({ keys: ["iban", /ssn\d/, "a.b"], keepQuery: ["page", "iban", "token"] });
    expect(redactAttributes({ "user.IBAN": "DE1", ssn7: [1, 2], axb: "kept", "a.b": "x", password: "p" })).toEqual({
      "user.IBAN": "REDACTED",
      ssn7: "REDACTED",
      axb: "kept",
      "a.b": "REDACTED",
      password: "REDACTED",
    });
    expect(redactText("iban=DE1 and ssn7: '4' but page=2, token=t")).toBe(
      "iban=REDACTED and ssn7: REDACTED but page=2, token=REDACTED",
    );
    // the values of keys that were named stay, unless the key itself says that it is a secret
    expect(redactQuery("page=2&iban=DE1&token=t&q=x&flag")).toBe(
      "page=2&iban=REDACTED&token=REDACTED&q=REDACTED&REDACTED",
    );
    expect(redactUrl("http://h/p?page=2&q=x")).toBe("http://h/p?page=2&q=REDACTED");
  });

  it("reads OTEL_RERUN_REDACT_KEYS and OTEL_RERUN_KEEP_QUERY", () => {
    vi.stubEnv("OTEL_RERUN_REDACT_KEYS", "iban, ssn");
    vi.stubEnv("OTEL_RERUN_KEEP_QUERY", "page");
    configureRedaction({});
    expect(redactAttributes({ iban: "x", ssn: "y", z: "z" })).toEqual({ iban: "REDACTED", ssn: "REDACTED", z: "z" });
    expect(redactQuery("page=1&q=2")).toBe("page=1&q=REDACTED");
  });

  it("asks functions after the rules; one that throws or says nothing takes the value out", () => {
    const attribute = vi.fn((key: string, value: unknown) => {
      if (key === "bad") throw new Error("no");
      return key === "gone" ? undefined : key === "mail" ? "***" : (value as string);
    });
    configureRedaction({
      attribute,
      text: (text) => (text.includes("silence") ? undefined : text.replace("ada", "someone")),
    });
    expect(redactAttributes({ bad: "1", gone: "2", mail: "a@b", ok: 3, token: "t" })).toEqual({
      bad: "REDACTED",
      gone: "REDACTED",
      mail: "***",
      ok: 3,
      token: "REDACTED",
    });
    expect(attribute).toHaveBeenCalledWith("token", "REDACTED"); // a function never sees what the rules took out
    expect(redactLog(log("ada has token=t")).body).toBe("someone has token=REDACTED");
    expect(redactLog(log("silence")).body).toBe("REDACTED");
  });

  it("ignores a key that matches everything", () => {
    configureRedaction({ keys: ["", /x*/] });
    expect(redactAttributes({ a: "kept", password: "p" })).toEqual({ a: "kept", password: "REDACTED" });
  });

  it("looks into the texts of a log line's fields, and of database queries", () => {
    expect(
      redactLog(log("x", { note: "authorization: Bearer abcdefgh1", nested: { a: ["pwd=1"] } })).attributes,
    ).toEqual({
      note: "authorization: REDACTED",
      nested: { a: ["pwd=REDACTED"] },
    });
    expect(redactAttributes({ "db.query.text": "ALTER USER a PASSWORD = 'x'" })["db.query.text"]).not.toContain("'x'");
  });
});
