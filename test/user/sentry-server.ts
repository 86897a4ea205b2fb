import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

/** What a Sentry SDK sent, in alphabetical order. */
export interface SentryItems {
  /** Messages. */
  readonly errors: string[];
  /** Names of transactions and of the spans in them. */
  readonly spans: string[];
}

export interface SentryServer {
  readonly dsn: string;
  /** What came since it was asked last. */
  taken(): SentryItems;
  close(): void;
}

interface Item {
  readonly type?: string;
  readonly transaction?: string;
  readonly spans?: readonly { readonly description?: string }[];
  readonly exception?: { readonly values: readonly { readonly value: string }[] };
}

/** Takes envelopes as Sentry's ingestion does: lines of JSON, a header before each item. */
export async function sentryServer(): Promise<SentryServer> {
  let errors: string[] = [];
  let spans: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      const text = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
      for (const line of text.toString().split("\n")) {
        if (!line.startsWith("{")) continue;
        const item = JSON.parse(line) as Item;
        for (const { value } of item.exception?.values ?? []) errors.push(value);
        if (item.type === "transaction" && item.spans !== undefined) {
          spans.push(item.transaction ?? "", ...item.spans.map(({ description }) => description ?? ""));
        }
      }
      response.setHeader("content-type", "application/json");
      response.end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    dsn: `http://public@127.0.0.1:${(server.address() as AddressInfo).port}/1`,
    taken: () => {
      const items = { errors: errors.sort(), spans: spans.sort() };
      errors = [];
      spans = [];
      return items;
    },
    close: () => void server.close(),
  };
}
