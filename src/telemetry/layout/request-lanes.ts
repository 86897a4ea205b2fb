import { StateChange, StateConfiguration } from "../../archetypes/index.ts";
import { RowForm } from "../../archetypes/row-form.ts";
import type { Span, SpanStart } from "../model.ts";
import type { LeftOut } from "./caps.ts";
import { ERROR_COLOUR, paletteColour, UNFINISHED_COLOUR } from "./colours.ts";
import { FAILED, millis } from "./labels.ts";
import { Lanes } from "./lanes.ts";
import type { LogRow } from "./log-rows.ts";
import type { Route, Routes } from "./routes.ts";
import { hasFailed, statusName } from "./span-facts.ts";
import { text } from "./span-json.ts";
import { STATIC, type Times } from "./times.ts";

/** A lane's colours belong to state texts; a lane that was given more texts than this keeps the first ones. */
const MAX_TEXTS = 100;

const FIELDS = new RowForm(
  { name: "Utf8", trace_id: "Utf8", duration_ms: "Float64", status: "Utf8", "http.response.status_code": "Utf8" },
  "Request",
);

/**
 * `/requests/<NN>`: local root spans in lanes. A span takes its lane when it starts and writes its rows when it ends, so the rows of
 * a lane are in order of time.
 */
export class RequestLanes {
  readonly #log: LogRow;
  readonly #times: Times;
  readonly #routes: Routes;
  readonly #leftOut: LeftOut;
  readonly #root: string;
  readonly #lanes = new Lanes();
  /** Of spans that are open, by their ids; at most as many as there are lanes. */
  readonly #taken = new Map<string, { readonly lane: number; readonly span: SpanStart }>();
  readonly #texts = new Map<number, Map<string, number>>();

  /** @param instance name of this process among those that share the recording. */
  constructor(log: LogRow, times: Times, routes: Routes, leftOut: LeftOut, instance?: string) {
    this.#log = log;
    this.#times = times;
    this.#routes = routes;
    this.#leftOut = leftOut;
    this.#root = instance === undefined ? "/requests" : `/requests/${instance}`;
  }

  /** Without a free lane the span may still find one when it ends. */
  start(span: SpanStart): void {
    const lane = this.#lanes.take(span.startTime);
    if (lane !== undefined) this.#taken.set(span.spanId, { lane, span });
  }

  end(span: Span, route: Route): void {
    const lane = this.#laneOf(span);
    if (lane === undefined) return;
    const { startTime } = span;
    // a span without length would be hidden by its own end
    const endTime = span.endTime > startTime ? span.endTime : startTime + 1n;
    const failed = hasFailed(span);
    const label = failed ? route.name + FAILED : route.name;
    this.#style(lane, label, failed ? ERROR_COLOUR : paletteColour(route.index));
    const fields = FIELDS.row({
      name: span.name,
      trace_id: span.traceId,
      duration_ms: millis(span.endTime - startTime),
      status: statusName(span),
      "http.response.status_code": text(span.attributes["http.response.status_code"]),
    });
    const path = this.#pathOf(lane);
    this.#log(path, this.#times.at(startTime), [new StateChange(label), fields]);
    this.#log(path, this.#times.at(endTime), new StateChange(""));
    this.#lanes.release(lane, endTime);
  }

  /** The recording ends before the span, or the span is no longer waited for: its bar stays open up to the lane's next one. */
  unfinished({ spanId }: SpanStart): void {
    const taken = this.#taken.get(spanId);
    if (taken === undefined) return;
    const { lane, span } = taken;
    this.#taken.delete(spanId);
    const label = `${this.#routes.of(span.name).name} …`;
    this.#style(lane, label, UNFINISHED_COLOUR);
    this.#log(this.#pathOf(lane), this.#times.at(span.startTime), new StateChange(label));
    this.#lanes.release(lane, span.startTime);
  }

  /** The recording ends: the bars of open spans stay open. */
  close(): void {
    for (const { span } of this.#taken.values()) this.unfinished(span);
  }

  /** Spans that come from an exporter never started here. */
  #laneOf({ spanId, startTime }: SpanStart): number | undefined {
    const taken = this.#taken.get(spanId);
    if (taken !== undefined) {
      this.#taken.delete(spanId);
      return taken.lane;
    }
    const free = this.#lanes.take(startTime);
    if (free === undefined) this.#leftOut.add("lanes");
    return free;
  }

  #style(lane: number, label: string, colour: number): void {
    let texts = this.#texts.get(lane);
    if (texts === undefined) {
      texts = new Map();
      this.#texts.set(lane, texts);
    }
    if (texts.has(label) || texts.size >= MAX_TEXTS) return;
    texts.set(label, colour);
    const configuration = new StateConfiguration({ values: [...texts.keys()], colors: [...texts.values()] });
    this.#log(this.#pathOf(lane), STATIC, configuration);
  }

  #pathOf(lane: number): string {
    return `${this.#root}/${String(lane + 1).padStart(2, "0")}`;
  }
}
