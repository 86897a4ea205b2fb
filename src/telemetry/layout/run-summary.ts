import { TextDocument } from "../../archetypes/index.ts";
import type { StoreId } from "../../rrd/store-id.ts";
import { type Span, SpanKind } from "../model.ts";
import { CAPS } from "./caps.ts";
import { duration, FAILED, markdown } from "./labels.ts";
import { exceptionOf, type LogRow } from "./log-rows.ts";
import { RouteStatistics } from "./route-statistics.ts";
import { hasFailed, serviceOf } from "./span-facts.ts";
import { STATIC } from "./times.ts";

interface SeenException {
  readonly title: string;
  readonly stack: string;
  readonly span: string;
  count: number;
}

interface Notable {
  readonly store: StoreId;
  readonly label: string;
}

/** `/summary` of a run: routes, notable traces as links, exceptions with their stacks, and what is not there. */
export class RunSummary {
  readonly #routes = new Map<string, RouteStatistics>();
  /** Outside of requests; one may have the name of a route. */
  readonly #calls = new Map<string, RouteStatistics>();
  readonly #services = new Set<string>();
  readonly #exceptions = new Map<string, SeenException>();
  readonly #notable: Notable[] = [];
  /** What a server answered, as every other count of requests does. */
  #requests = 0;
  #failed = 0;
  #spans = 0;
  #from: bigint | undefined;
  #to = 0n;

  /** Any span. */
  add(span: Span): void {
    this.#spans++;
    if (this.#services.size < CAPS.graphNodes) this.#services.add(serviceOf(span));
    if (this.#from === undefined || span.startTime < this.#from) this.#from = span.startTime;
    if (span.endTime > this.#to) this.#to = span.endTime;
    for (const event of span.events) {
      if (event.name !== "exception") continue;
      const { title, stack } = exceptionOf(event);
      const seen = this.#exceptions.get(title);
      if (seen !== undefined) seen.count++;
      else if (this.#exceptions.size < CAPS.exceptions) {
        this.#exceptions.set(title, { title, stack: ownFrames(stack), span: span.name, count: 1 });
      }
    }
  }

  /** A local root span, under the name of its route. */
  addRoot(root: Span, route: string): void {
    if (root.kind === SpanKind.server) {
      this.#requests++;
      if (hasFailed(root)) this.#failed++;
    }
    const names = root.kind === SpanKind.client ? this.#calls : this.#routes;
    let statistics = names.get(route);
    if (statistics === undefined) {
      statistics = new RouteStatistics();
      names.set(route, statistics);
    }
    statistics.add(root);
  }

  addNotable(store: StoreId, root: Span): void {
    const label = `${root.name} ${duration(root.endTime - root.startTime)}${hasFailed(root) ? FAILED : ""}`;
    this.#notable.push({ store, label });
  }

  /** It is not kept any longer. */
  removeNotable(traceId: string): void {
    const at = this.#notable.findIndex(({ store }) => store.recordingId === traceId);
    if (at >= 0) this.#notable.splice(at, 1);
  }

  /** @param remarks further lines, e.g. what was left out. */
  write(log: LogRow, remarks: readonly string[] = []): void {
    log("/summary", STATIC, new TextDocument(this.#markdown(remarks), { mediaType: "text/markdown" }));
  }

  #markdown(remarks: readonly string[]): string {
    const services = [...this.#services].map((service) => markdown(service)).join(", ");
    const parts = [
      `# ${services || "Run"}`,
      `**${this.#requests}** requests, **${this.#failed}** failed, ${this.#spans} spans in ${duration(this.#to - (this.#from ?? 0n))}`,
    ];
    if (this.#routes.size > 0) parts.push(`## Routes\n\n${routeTable("route", this.#routes)}`);
    if (this.#notable.length > 0) {
      const links = this.#notable.map(({ store, label }) => `- [${markdown(label)}](${linkTo(store)})`);
      parts.push(`## Notable traces\n\n${links.join("\n")}\n\nIn older viewers: the list of recordings, left.`);
    }
    if (this.#exceptions.size > 0) {
      parts.push(`## Exceptions\n\n${[...this.#exceptions.values()].map(exceptionBlock).join("\n\n")}`);
    }
    if (this.#calls.size > 0) parts.push(`## Calls outside of requests\n\n${routeTable("call", this.#calls)}`);
    if (remarks.length > 0) parts.push(remarks.map((remark) => `- ${remark}`).join("\n"));
    return `${parts.join("\n\n")}\n`;
  }
}

function routeTable(title: string, names: ReadonlyMap<string, RouteStatistics>): string {
  const sorted = [...names].sort(([, a], [, b]) => b.count - a.count);
  const rows = sorted.map(([name, statistics]) => {
    const [p50, p95] = [statistics.quantile(0.5), statistics.quantile(0.95)].map(milliseconds);
    return `| ${markdown(name, 26)} | ${statistics.count} | ${p50} | ${p95} | ${milliseconds(statistics.max)} | ${statistics.errors || ""} |`;
  });
  return [`| ${title} | n | p50 | p95 | max | errors |`, "|---|---|---|---|---|---|", ...rows].join("\n");
}

function milliseconds(value: number): string {
  return duration(BigInt(Math.round(value * 1e6)));
}

function linkTo({ applicationId, recordingId }: StoreId): string {
  return `about:recording?app_id=${encodeURIComponent(applicationId)}&recording_id=${encodeURIComponent(recordingId)}`;
}

function exceptionBlock({ title, stack, span, count }: SeenException): string {
  const times = count > 1 ? `, ${count} times` : "";
  const block = stack === "" ? "" : `\n\n\`\`\`\n${stack.replaceAll("```", "'''")}\n\`\`\``;
  return `**${markdown(title, 200)}** in ${markdown(span)}${times}${block}`;
}

/** The first frames of the program itself. */
function ownFrames(stack: string): string {
  const frames = stack.split("\n").filter((line) => !/[\\/]node_modules[\\/]|\(?node:/.test(line));
  return frames.slice(0, 5).join("\n");
}
