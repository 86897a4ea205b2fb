import type { Blueprint } from "../../blueprint/blueprint.ts";
import { DASHBOARD_ID } from "../../blueprint/dashboards.ts";
import type { ExpanderHost, StoreHandle } from "../../pipeline/expander.ts";

/**
 * Writes a dashboard for all recordings of the application, beside `beside`. Viewers take it as the default, so that what a user
 * has arranged stays; only for a recording that they show already it has to be the active one.
 */
export function sendDashboard(
  host: ExpanderHost,
  beside: StoreHandle,
  applicationId: string,
  blueprint: Blueprint,
): void {
  const store = host.openStore({ kind: "blueprint", applicationId, recordingId: DASHBOARD_ID }, beside);
  blueprint.log((entityPath, components, times) => host.log(store, entityPath, times, components));
  host.activate(store, {
    makeDefault: true,
    makeActive: beside.isAnnounced && beside.id.applicationId === applicationId,
  });
  host.closeStore(store);
}
