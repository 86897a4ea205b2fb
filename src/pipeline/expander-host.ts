import { ByteReader } from "../bytes/byte-reader.ts";
import { ByteWriter } from "../bytes/byte-writer.ts";
import { activationMessage } from "../rrd/activation.ts";
import type { AsComponents, ComponentBatch } from "../rrd/component-batch.ts";
import type { LogMessage } from "../rrd/log-message.ts";
import type { StoreId } from "../rrd/store-id.ts";
import type { Timeline } from "../rrd/timeline.ts";
import type { JoinPolicy } from "./entity-rows.ts";
import type { EntityArchetypes, ExpanderHost, StoreHandle, TimeCell } from "./expander.ts";
import type { RecordingStats } from "./recording-stats.ts";
import { RowFlag, withoutGaps } from "./row-encoder.ts";
import { SeenEntities } from "./seen-entities.ts";
import { ShapeTable } from "./shape-table.ts";
import type { Store } from "./store.ts";
import { encodeComponent } from "./values/value-encoder.ts";

/** What the host needs of the writer. */
export interface StoreKeeper {
  now(): number;
  openBeside(id: StoreId, beside: Store): Store;
  forget(store: Store): void;
  stats(store: Store): RecordingStats;
  notice?(what: string): void;
}

/** Rows of the layout are collected until there are 64 of an entity or the first is 1 s old: chunks cost viewers most. */
const JOIN: JoinPolicy = { rows: 64, bytes: 64 << 10, ageMillis: 1000 };

interface TimelineSet {
  /** As the cells have them. */
  readonly given: readonly Timeline[];
  readonly timelines: readonly Timeline[];
  /** Positions of the sorted timelines among the cells. */
  readonly order: readonly number[];
}

/** Layouts have two or three. */
const MAX_SETS = 16;

/** Of `sendSame`: dashboards are two for each application id, and a process has few of those. */
const MAX_SAME = 16;

const NOTHING_SEEN = new SeenEntities();

/** What the layout may do with stores: its rows are encoded here and go the way of all rows from there. */
export class StoreExpanderHost implements ExpanderHost {
  readonly #keeper: StoreKeeper;
  readonly #shapes = new ShapeTable(() => {});
  readonly #sets: TimelineSet[] = [];
  readonly #same = new Map<string, readonly LogMessage[]>();
  readonly #row = new ByteWriter(4096);
  #reader = new ByteReader(this.#row.bytes);

  constructor(keeper: StoreKeeper) {
    this.#keeper = keeper;
  }

  openStore(id: StoreId, beside: StoreHandle): StoreHandle {
    return this.#keeper.openBeside(id, beside as Store);
  }

  sendSame(id: StoreId, beside: StoreHandle, key: string, write: (store: StoreHandle) => void): void {
    const store = this.openStore(id, beside) as Store;
    const known = this.#same.get(key);
    if (known === undefined) {
      if (this.#same.size >= MAX_SAME) this.#same.clear();
      const sent = store.copySent(() => write(store));
      if (!store.output.isClosed) this.#same.set(key, sent);
    } else store.sendAgain(known);
    this.closeStore(store);
  }

  log(
    handle: StoreHandle,
    entityPath: string,
    times: readonly TimeCell[],
    components: AsComponents | readonly AsComponents[],
  ): void {
    const store = handle as Store;
    const batches = withoutGaps(batchesOf(components));
    if (batches.length === 0) return;
    const { timelines, order } = this.#timelinesOf(times);
    const shape = this.#shapes.shapeOf(timelines, batches, times.length === 0 ? RowFlag.static : 0);
    const row = this.#row;
    row.reset();
    for (const at of order) row.i64((times[at] as TimeCell).value);
    for (const at of shape.order) {
      const { spec, values } = batches[at] as ComponentBatch;
      try {
        encodeComponent(spec, values, row);
      } catch {
        row.u32(0); // as for users' rows: an empty list
      }
    }
    if (this.#reader.bytes !== row.bytes) this.#reader = new ByteReader(row.bytes);
    this.#reader.position = 0;
    store.counters.rowsAccepted += 1;
    store.row(entityPath, shape.definition, this.#reader, this.#keeper.now(), JOIN);
  }

  flush(handle: StoreHandle): void {
    (handle as Store).flushAll();
  }

  activate(handle: StoreHandle, options: { makeActive: boolean; makeDefault: boolean }): void {
    const store = handle as Store;
    store.flushAll();
    store.send(activationMessage(store.id, options));
  }

  repeatStoreInfo(handle: StoreHandle): void {
    (handle as Store).sendInfo();
  }

  bringToFront(handle: StoreHandle): void {
    const { id, output } = handle as Store;
    this.repeatStoreInfo(handle);
    const blueprint = output.blueprintOf(id.applicationId);
    if (blueprint !== undefined) output.send(activationMessage(blueprint, { makeActive: true, makeDefault: true }));
  }

  closeStore(handle: StoreHandle): void {
    (handle as Store).flushAll();
    this.#keeper.forget(handle as Store);
  }

  entities(handle: StoreHandle): EntityArchetypes {
    return (handle as Store).entities ?? NOTHING_SEEN;
  }

  blueprintOf(applicationId: string, beside: StoreHandle): StoreId | undefined {
    return (beside as Store).output.blueprintOf(applicationId);
  }

  count(handle: StoreHandle, what: "spans" | "logs", n: number): void {
    (handle as Store).counters[what] += n;
  }

  stats(handle: StoreHandle): RecordingStats {
    return this.#keeper.stats(handle as Store);
  }

  windowNanos(handle: StoreHandle): bigint | undefined {
    return (handle as Store).output.windowNanos;
  }

  notice(what: string): void {
    this.#keeper.notice?.(what);
  }

  /** The same array for the same cells, since shapes are found by its identity. */
  #timelinesOf(times: readonly TimeCell[]): TimelineSet {
    let set = this.#sets.find(({ given }) => areOf(times, given));
    if (set === undefined) {
      const given = times.map(({ timeline }) => timeline);
      const order = given.map((_, at) => at);
      const name = (at: number): string => (given[at] as Timeline).name;
      order.sort((a, b) => (name(a) < name(b) ? -1 : 1));
      set = { given, timelines: order.map((at) => given[at] as Timeline), order };
      if (this.#sets.length >= MAX_SETS) this.#sets.length = 0;
      this.#sets.push(set);
    }
    return set;
  }
}

function areOf(times: readonly TimeCell[], timelines: readonly Timeline[]): boolean {
  return times.length === timelines.length && times.every(({ timeline }, at) => timeline === timelines[at]);
}

function batchesOf(components: AsComponents | readonly AsComponents[]): readonly ComponentBatch[] {
  if (!isMany(components)) return components.asComponentBatches();
  const batches: ComponentBatch[] = [];
  // flatMap took 4 % of the writer's time for a request
  for (const part of components) for (const batch of part.asComponentBatches()) batches.push(batch);
  return batches;
}

function isMany(components: AsComponents | readonly AsComponents[]): components is readonly AsComponents[] {
  return Array.isArray(components);
}
