import { View, type ViewOptions } from "../view.ts";

/** Points, boxes and arrows in space. */
export class Spatial3DView extends View {
  constructor(options: ViewOptions = {}) {
    super("3D", options);
  }
}
