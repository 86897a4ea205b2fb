import { Scalars, SeriesPoints } from "../../archetypes/index.ts";
import type { Span } from "../model.ts";
import { ERROR_COLOUR, paletteColour } from "./colours.ts";
import { millis } from "./labels.ts";
import type { LogRow } from "./log-rows.ts";
import type { Route } from "./routes.ts";
import { hasFailed } from "./span-facts.ts";
import { STATIC, type Times } from "./times.ts";

/** `/latency/<route>`: a dot for each request at its start, failed ones as crosses of their own series. */
export class Latency {
  readonly #log: LogRow;
  readonly #times: Times;
  readonly #styled = new Set<string>();

  constructor(log: LogRow, times: Times) {
    this.#log = log;
    this.#times = times;
  }

  add(root: Span, route: Route): void {
    const failed = hasFailed(root);
    const path = `/latency/${route.slug}${failed ? "/error" : ""}`;
    if (!this.#styled.has(path)) {
      this.#styled.add(path);
      const style = failed
        ? { colors: ERROR_COLOUR, names: `${route.name} ✖`, markerSizes: 4 }
        : { colors: paletteColour(route.index), names: route.name, markerSizes: 2.5 };
      this.#log(path, STATIC, new SeriesPoints(failed ? "Cross" : "Circle", style));
    }
    this.#log(path, this.#times.at(root.startTime), new Scalars(millis(root.endTime - root.startTime)));
  }
}
