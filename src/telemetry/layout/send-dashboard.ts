import type { Blueprint } from "../../blueprint/blueprint.ts";
import { DASHBOARD_ID } from "../../blueprint/dashboards.ts";
import type { ExpanderHost, StoreHandle } from "../../pipeline/expander.ts";
import type { StoreId } from "../../rrd/store-id.ts";

/** Of a dashboard, by entity and components: what they were last. */
export type SentRows = Map<string, string>;

/**
 * Writes a dashboard for all recordings of the application, beside `beside`. Viewers take it as the default, so that what a user
 * has arranged stays; only for a recording that they show already it has to be the active one.
 *
 * @param sent what was sent before, which is not sent again: a dashboard is 60 chunks.
 */
export function sendDashboard(
  host: ExpanderHost,
  beside: StoreHandle,
  applicationId: string,
  blueprint: Blueprint,
  sent: SentRows = new Map(),
): void {
  if (hasOwn(host, beside, applicationId)) return;
  const store = host.openStore(dashboardOf(applicationId), beside);
  write(host, store, blueprint, beside.isAnnounced && beside.id.applicationId === applicationId, sent);
  host.closeStore(store);
}

/**
 * The same for a recording that was not heard of, where there is one after the other: made and encoded for the first only. It was most of what a
 * recording of one request cost (with its index in the footer: 2 of 3 ms).
 *
 * @param name tells dashboards of one application apart.
 */
export function sendDashboardAgain(host: ExpanderHost, beside: StoreHandle, name: string, make: () => Blueprint): void {
  const { applicationId } = beside.id;
  if (hasOwn(host, beside, applicationId)) return;
  host.sendSame(dashboardOf(applicationId), beside, `${name} ${applicationId}`, (store) =>
    write(host, store, make(), false, new Map()),
  );
}

/** The application has sent a layout itself, which is not ours to replace. */
function hasOwn(host: ExpanderHost, beside: StoreHandle, applicationId: string): boolean {
  const sent = host.blueprintOf?.(applicationId, beside);
  return sent !== undefined && sent.recordingId !== DASHBOARD_ID;
}

function dashboardOf(applicationId: string): StoreId {
  return { kind: "blueprint", applicationId, recordingId: DASHBOARD_ID };
}

function write(
  host: ExpanderHost,
  store: StoreHandle,
  blueprint: Blueprint,
  makeActive: boolean,
  sent: SentRows,
): void {
  blueprint.log((entityPath, components, times) => {
    const batches = components.asComponentBatches();
    const key = [entityPath, ...batches.map(({ spec }) => spec.descriptor.component)].join(" ");
    const values = JSON.stringify(batches.map((batch) => batch.values));
    if (sent.get(key) === values) return;
    sent.set(key, values);
    host.log(store, entityPath, times, components);
  });
  host.activate(store, { makeDefault: true, makeActive });
}
