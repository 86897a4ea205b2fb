import { processBlueprint } from "../../blueprint/dashboards.ts";
import { dataViews } from "../../blueprint/data-views.ts";
import type { ExpanderHost, StoreHandle } from "../../pipeline/expander.ts";
import { type SentRows, sendDashboard } from "./send-dashboard.ts";

const SECOND = 1_000_000_000n;

/**
 * The dashboard of a run. It is sent when telemetry begins, and once more when the application has logged by hand what it has no view
 * of: viewers that lay out such data themselves would do it for telemetry, too.
 */
export class RunDashboard {
  readonly #host: ExpanderHost;
  readonly #run: StoreHandle;
  readonly #instances: readonly string[];
  readonly #rows: SentRows = new Map();
  #version = -1;
  #shown: string | undefined;
  #wait = SECOND;
  #notBefore = 0n;

  /** @param instance name of this process among those that share the recording. */
  constructor(host: ExpanderHost, run: StoreHandle, instance?: string) {
    this.#host = host;
    this.#run = run;
    this.#instances = instance === undefined ? [] : [instance];
  }

  /**
   * Sends it where it would not be the one that was sent, ever less often (I7).
   *
   * @param now nanoseconds since the Unix epoch; without it, whenever that was last.
   */
  update(now?: bigint): void {
    if (now !== undefined && now < this.#notBefore) return;
    const entities = this.#host.entities?.(this.#run);
    const version = entities?.version ?? 0;
    if (version === this.#version) return;
    this.#version = version;
    const data = dataViews(entities ?? [], this.#instances);
    const key = JSON.stringify(data);
    if (key === this.#shown) return;
    this.#shown = key;
    if (now !== undefined) {
      this.#notBefore = now + this.#wait;
      this.#wait *= 2n;
    }
    const blueprint = processBlueprint({ instances: this.#instances, data });
    sendDashboard(this.#host, this.#run, this.#run.id.applicationId, blueprint, this.#rows);
  }
}
