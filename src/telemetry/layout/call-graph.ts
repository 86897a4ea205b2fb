import { GraphEdges, GraphNodes } from "../../archetypes/index.ts";
import type { Span } from "../model.ts";
import { SpanKind } from "../model.ts";
import { CAPS, type LeftOut } from "./caps.ts";
import { ERROR_COLOUR, paletteColour } from "./colours.ts";
import type { LogRow } from "./log-rows.ts";
import { hasFailed, serviceOf } from "./span-facts.ts";
import { text } from "./span-json.ts";
import { STATIC } from "./times.ts";

interface Node {
  calls: number;
  errors: number;
  depth: number;
  row: number;
}

const OTHER = "other";

/**
 * `/graph`: services and what they call, with counts. A call is seen from its client span, so a service that records nothing is
 * there too, by the name it was called by. Positions are given: the viewer's own layout puts nodes on top of each other.
 */
export class CallGraph {
  readonly #leftOut: LeftOut;
  readonly #nodes = new Map<string, Node>();
  readonly #edges = new Map<string, readonly [string, string]>();

  constructor(leftOut: LeftOut) {
    this.#leftOut = leftOut;
  }

  add(span: Span): void {
    if (span.kind === SpanKind.internal) return;
    const service = serviceOf(span);
    if (span.kind === SpanKind.server || span.kind === SpanKind.consumer) {
      this.#count(this.#nodeOf(service, 0), hasFailed(span));
      return;
    }
    const peer = peerOf(span);
    if (peer === undefined) return;
    const from = this.#nodeOf(service, 0);
    const to = this.#nodeOf(peer, (this.#nodes.get(from) as Node).depth + 1);
    if (from === to) return;
    this.#count(to, hasFailed(span));
    this.#edges.set(`${from}\0${to}`, [from, to]);
  }

  write(log: LogRow): void {
    if (this.#nodes.size === 0) return;
    const ids = [...this.#nodes.keys()];
    const nodes = [...this.#nodes.values()];
    log("/graph", STATIC, [
      new GraphNodes(ids, {
        labels: ids.map((id, i) => `${id} (${(nodes[i] as Node).calls})`),
        colors: nodes.map(({ calls, errors }, i) => (errors > calls / 10 ? ERROR_COLOUR : paletteColour(i))),
        positions: nodes.map(({ depth, row }): [number, number] => [220 * depth, 60 * row]),
      }),
      ...(this.#edges.size === 0 ? [] : [new GraphEdges([...this.#edges.values()], { graphType: "Directed" })]),
    ]);
  }

  #nodeOf(name: string, depth: number): string {
    if (this.#nodes.has(name)) return name;
    if (this.#nodes.size >= CAPS.graphNodes && name !== OTHER) {
      this.#leftOut.add("graph");
      return this.#nodeOf(OTHER, depth);
    }
    const row = [...this.#nodes.values()].filter((node) => node.depth === depth).length;
    this.#nodes.set(name, { calls: 0, errors: 0, depth, row });
    return name;
  }

  #count(name: string, failed: boolean): void {
    const node = this.#nodes.get(name) as Node;
    node.calls++;
    if (failed) node.errors++;
  }
}

function peerOf({ attributes }: Span): string | undefined {
  const address = text(attributes["server.address"] ?? attributes["net.peer.name"]);
  const port = text(attributes["server.port"] ?? attributes["net.peer.port"]);
  const name =
    text(attributes["peer.service"]) ||
    text(attributes["db.system.name"] ?? attributes["db.system"]) ||
    text(attributes["messaging.system"]) ||
    (address && port ? `${address}:${port}` : address);
  return name === "" ? undefined : name;
}
