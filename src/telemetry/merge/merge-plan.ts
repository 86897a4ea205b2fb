import { DASHBOARD_ID } from "../../blueprint/dashboards.ts";
import type { EntityArchetypes } from "../../pipeline/expander.ts";
import { SeenEntities } from "../../pipeline/seen-entities.ts";
import type { LogMessage } from "../../rrd/log-message.ts";
import { type StoreId, storeKey } from "../../rrd/store-id.ts";

/** Application ids of request recordings end so (`<app> requests`). */
const REQUESTS = " requests";

/** What is written anew in the merged file, from the spans of all processes. */
const DERIVED = new Set(["/summary", "/graph"]);

/** What several files hold together, and which of their messages go into the merged file as they are. */
export class MergePlan {
  readonly #stores = new Map<string, StoreId>();
  /** Recordings with a span table, by key. */
  readonly #processes = new Map<string, StoreId>();
  readonly #entities = new Map<string, SeenEntities>();
  /** Slugs of processes, by application id. */
  readonly #instances = new Map<string, Set<string>>();

  /** Every message of every file is shown once, in order, before the first question. */
  observe(message: LogMessage): void {
    const key = storeKey(message.store);
    if (!this.#stores.has(key)) this.#stores.set(key, message.store);
    if (message.kind !== "arrow" || message.store.kind !== "recording") return;
    const { entityPath } = message.summary;
    this.#entitiesOf(key).add(entityPath, message.summary.components);
    if (entityPath === "/spans" && !isRequest(message.store)) this.#processes.set(key, message.store);
    const instance = /^\/requests\/([^/]+)\/[^/]+$/.exec(entityPath)?.[1];
    if (instance !== undefined) this.#instancesOf(message.store).add(instance);
  }

  /** Recordings of whole runs. */
  get processes(): readonly StoreId[] {
    return [...this.#processes.values()];
  }

  /** Slugs of the processes that share the recording; none if there was one process only. */
  instances(process: StoreId): readonly string[] {
    return [...(this.#instances.get(process.applicationId) ?? [])];
  }

  /** Of the recording, with the archetypes that their rows are of. */
  entities(process: StoreId): EntityArchetypes {
    return this.#entitiesOf(storeKey(process));
  }

  /** Traces of a run that have a recording of their own in some file. */
  traces(process: StoreId): readonly StoreId[] {
    const applicationId = process.applicationId + REQUESTS;
    return [...this.#stores.values()].filter((id) => id.kind === "recording" && id.applicationId === applicationId);
  }

  /** Whether the message is copied as it is. Store infos come once, dashboards and what is derived of spans are made anew. */
  isCopied(message: LogMessage): boolean {
    const { store } = message;
    if (message.kind === "store-info" || this.#isRebuilt(store)) return false;
    const isProcess = this.#processes.has(storeKey(store));
    return !(isProcess && message.kind === "arrow" && DERIVED.has(message.summary.entityPath));
  }

  /** Stores whose info goes into the merged file before their first message, in order of appearance. */
  get copiedStores(): readonly StoreId[] {
    return [...this.#stores.values()].filter((store) => !this.#isRebuilt(store));
  }

  #isRebuilt(store: StoreId): boolean {
    if (store.kind === "blueprint") return store.recordingId === DASHBOARD_ID && this.#belongsToProcess(store);
    return isRequest(store) && this.#belongsToProcess(store);
  }

  #belongsToProcess({ applicationId }: StoreId): boolean {
    const base = applicationId.endsWith(REQUESTS) ? applicationId.slice(0, -REQUESTS.length) : applicationId;
    return this.processes.some((process) => process.applicationId === base);
  }

  #entitiesOf(key: string): SeenEntities {
    let entities = this.#entities.get(key);
    if (entities === undefined) {
      entities = new SeenEntities();
      this.#entities.set(key, entities);
    }
    return entities;
  }

  #instancesOf({ applicationId }: StoreId): Set<string> {
    let instances = this.#instances.get(applicationId);
    if (instances === undefined) {
      instances = new Set();
      this.#instances.set(applicationId, instances);
    }
    return instances;
  }
}

function isRequest(store: StoreId): boolean {
  return store.kind === "recording" && store.applicationId.endsWith(REQUESTS);
}
