import type { ComponentSpec } from "../rrd/component-batch.ts";
import { checkDescriptor } from "../rrd/component-descriptor.ts";
import type { Timeline } from "../rrd/timeline.ts";
import type { ShapeDefinition } from "./record.ts";

/** What a row is made of, as the caller's side knows it. */
export interface Shape {
  readonly no: number;
  readonly definition: ShapeDefinition;
  readonly isStatic: boolean;
  /** Of the batches of its rows. */
  readonly specs: readonly ComponentSpec[];
  /** The columns of the shape, in its order, as positions among the batches of the row. */
  readonly order: readonly number[];
}

interface Node {
  readonly next: Map<ComponentSpec, Node>;
  shape: Shape | undefined;
}

/** Of a set of timelines. Its next row often has the components of the last one. */
interface Root extends Node {
  last: Shape | undefined;
}

/** Which set of timelines: bit 0 = none at all (static), bit 1 = with `log_time`. As in `RowFlag`. */
const STATIC = 1;
const LOG_TIME = 2;

/** Nodes at a time; a program has tens of shapes, one that makes component names from data has no end of them (I7). */
const MAX_NODES = 8_192;

let nextShape = 1;

/**
 * Numbers for shapes: a trie over the identity of the component declarations, one per set of timelines.
 *
 *   [frame] + log_time ──▶ ○ ──TextLog:text──▶ ○ ──TextLog:level──▶ ● shape 4
 *                           └──Scalars:scalars──▶ ● shape 1
 *
 * At the limit everything is forgotten and defined anew under new numbers; the writer bounds its own table.
 */
export class ShapeTable {
  readonly #onNew: (no: number, definition: ShapeDefinition) => void;
  readonly #maxNodes: number;
  #roots = new Map<string, Root>();
  #rootsByIdentity = new WeakMap<readonly Timeline[], (Root | undefined)[]>();
  #nodes = 0;

  constructor(onNew: (no: number, definition: ShapeDefinition) => void, maxNodes: number = MAX_NODES) {
    this.#onNew = onNew;
    this.#maxNodes = maxNodes;
  }

  /**
   * The shape of a row of these components, defined now if it is new. `flags` are of `RowFlag`.
   * @throws RerunError ERR_RERUN_DATA if a component cannot be called what it is.
   */
  shapeOf(timelines: readonly Timeline[], columns: readonly { readonly spec: ComponentSpec }[], flags: number): Shape {
    if (this.#nodes >= this.#maxNodes) this.#forgetAll();
    const kind = flags & (STATIC | LOG_TIME);
    const root = this.#root(timelines, kind);
    if (root.last !== undefined && areOf(columns, root.last.specs)) return root.last;
    let node: Node = root;
    for (const { spec } of columns) node = node.next.get(spec) ?? this.#grow(node, spec);
    node.shape ??= this.#define(timelines, columns, kind);
    root.last = node.shape;
    return node.shape;
  }

  #root(timelines: readonly Timeline[], kind: number): Root {
    let roots = this.#rootsByIdentity.get(timelines);
    if (roots === undefined) {
      roots = [];
      this.#rootsByIdentity.set(timelines, roots);
    }
    roots[kind] ??= this.#rootByContent(timelines, kind);
    return roots[kind];
  }

  #rootByContent(timelines: readonly Timeline[], kind: number): Root {
    let key = `${kind}`;
    if ((kind & STATIC) === 0) for (const { name, type } of timelines) key += `\0${type}\0${name}`;
    let root = this.#roots.get(key);
    if (root === undefined) {
      root = { next: new Map(), shape: undefined, last: undefined };
      this.#roots.set(key, root);
      this.#nodes += 1;
    }
    return root;
  }

  #grow(node: Node, spec: ComponentSpec): Node {
    const next: Node = { next: new Map(), shape: undefined };
    node.next.set(spec, next);
    this.#nodes += 1;
    return next;
  }

  #define(timelines: readonly Timeline[], columns: readonly { readonly spec: ComponentSpec }[], kind: number): Shape {
    const specs = columns.map((column) => column.spec);
    for (const { descriptor } of specs) checkDescriptor(descriptor);
    const order = columnOrder(specs);
    const isStatic = (kind & STATIC) !== 0;
    const definition: ShapeDefinition = {
      isStatic,
      logTime: !isStatic && (kind & LOG_TIME) !== 0,
      timelines: isStatic ? [] : timelines.map(({ name, type }) => ({ name, type })),
      columns: order.map((at) => {
        const { descriptor, type } = columns[at]!.spec;
        return { descriptor, type };
      }),
    };
    const shape: Shape = { no: nextShape++, definition, isStatic, specs, order };
    this.#onNew(shape.no, definition);
    return shape;
  }

  #forgetAll(): void {
    this.#roots = new Map();
    this.#rootsByIdentity = new WeakMap();
    this.#nodes = 0;
  }
}

function areOf(columns: readonly { readonly spec: ComponentSpec }[], specs: readonly ComponentSpec[]): boolean {
  const { length } = specs;
  if (columns.length !== length) return false;
  for (let at = 0; at < length; at++) if ((columns[at] as { spec: ComponentSpec }).spec !== specs[at]) return false;
  return true;
}

/**
 * Columns by (archetype, component), as official writers order them. A component that comes twice counts once: the last one
 * is kept, since a column's name is its identity inside an entity.
 */
function columnOrder(specs: readonly ComponentSpec[]): number[] {
  const last = new Map<string, number>();
  for (const [at, { descriptor }] of specs.entries()) last.set(descriptor.component, at);
  return [...last.values()].sort((a, b) => {
    const x = sortKey(specs[a] as ComponentSpec);
    const y = sortKey(specs[b] as ComponentSpec);
    return x < y ? -1 : x > y ? 1 : 0;
  });
}

function sortKey({ descriptor }: ComponentSpec): string {
  return `${descriptor.archetype ?? ""}\0${descriptor.component}`;
}
