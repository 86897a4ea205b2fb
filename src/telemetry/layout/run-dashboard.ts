import { processBlueprint } from "../../blueprint/dashboards.ts";
import { dataViews } from "../../blueprint/data-views.ts";
import type { ExpanderHost, StoreHandle } from "../../pipeline/expander.ts";
import { sendDashboard } from "./send-dashboard.ts";

/**
 * The dashboard of a run. It is sent when telemetry begins, and once more when the application has logged by hand what it has no view
 * of: viewers that lay out such data themselves would do it for telemetry, too.
 */
export class RunDashboard {
  readonly #host: ExpanderHost;
  readonly #run: StoreHandle;
  readonly #instances: readonly string[];
  #version = -1;
  #sent: string | undefined;

  /** @param instance name of this process among those that share the recording. */
  constructor(host: ExpanderHost, run: StoreHandle, instance?: string) {
    this.#host = host;
    this.#run = run;
    this.#instances = instance === undefined ? [] : [instance];
  }

  /** Sends it where it would not be the one that was sent. */
  update(): void {
    const entities = this.#host.entities?.(this.#run);
    const version = entities?.version ?? 0;
    if (version === this.#version) return;
    this.#version = version;
    const data = dataViews(entities ?? [], this.#instances);
    const key = JSON.stringify(data);
    if (key === this.#sent) return;
    this.#sent = key;
    const blueprint = processBlueprint({ instances: this.#instances, data });
    sendDashboard(this.#host, this.#run, this.#run.id.applicationId, blueprint);
  }
}
