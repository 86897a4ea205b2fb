import { View, type ViewOptions } from "../view.ts";

/** Images, boxes, lines and points in a plane. */
export class Spatial2DView extends View {
  constructor(options: ViewOptions = {}) {
    super("2D", options);
  }
}
