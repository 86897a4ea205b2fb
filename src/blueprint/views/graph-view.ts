import { View, type ViewOptions } from "../view.ts";

/** `GraphNodes` and `GraphEdges`. */
export class GraphView extends View {
  constructor(options: ViewOptions = {}) {
    super("Graph", options);
  }
}
