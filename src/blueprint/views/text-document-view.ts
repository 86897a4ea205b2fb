import { View, type ViewOptions } from "../view.ts";

/** A `TextDocument`, plain or Markdown. */
export class TextDocumentView extends View {
  constructor(options: ViewOptions = {}) {
    super("TextDocument", options);
  }
}
