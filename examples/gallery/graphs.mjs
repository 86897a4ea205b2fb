// Nodes and edges: a behaviour tree that stands where we put it, and a network that finds its own form.
import { GraphEdges, GraphNodes, RecordingStream } from "otel-rerun";
import { Blueprint, GraphView, Horizontal } from "otel-rerun/blueprint";

const rec = new RecordingStream("gallery graphs");
rec.save("graphs.rrd");
rec.sendBlueprint(
  new Blueprint(
    new Horizontal([
      new GraphView({ name: "Behaviour tree", origin: "tree" }),
      new GraphView({
        name: "Topics between nodes",
        origin: "network",
        forceLink: { distance: 90 },
        forceManyBody: { strength: -250 },
      }),
    ]),
    { collapsePanels: true },
  ),
);

// Nodes and edges of one entity are one graph; edges name nodes by their ids.
rec.log("tree", [
  new GraphNodes(["root", "charge", "deliver", "pick", "drive", "place"], {
    labels: ["?", "charge", "→ deliver", "pick", "drive", "place"],
    positions: [
      [0, 0],
      [-80, 80],
      [80, 80],
      [0, 160],
      [80, 160],
      [160, 160],
    ],
    colors: ["white", "gold", "white", "limegreen", "deepskyblue", "gray"],
  }),
  new GraphEdges(
    [
      ["root", "charge"],
      ["root", "deliver"],
      ["deliver", "pick"],
      ["deliver", "drive"],
      ["deliver", "place"],
    ],
    { graphType: "Directed" },
  ),
]);

// Without positions a force layout places the nodes.
const topics = {
  lidar: ["slam", "obstacles"],
  camera: ["detector", "slam"],
  detector: ["planner"],
  slam: ["planner", "obstacles"],
  obstacles: ["planner"],
  planner: ["controller"],
  controller: ["motors"],
};
const names = [...new Set(Object.entries(topics).flatMap(([from, to]) => [from, ...to]))];
const edges = Object.entries(topics).flatMap(([from, to]) => to.map((name) => [from, name]));
rec.log("network", [
  new GraphNodes(names, { colors: "orange", radii: 6 }),
  new GraphEdges(edges, { graphType: "Directed" }),
]);
await rec.shutdown();
