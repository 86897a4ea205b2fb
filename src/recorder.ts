/** The second part of `register`: hooks everything up. The writer's side is loaded at the first row. */

import { register } from "../instrumentation/register.ts";
import { processState } from "./recording/process/process-state.ts";
import { offerWriter } from "./recording/process/process-writer.ts";

processState().hooks.createTransport ??= (joins) => {
  const writer = require("./writer.cjs") as typeof import("./writer-entry.ts");
  return writer.createTransport(joins);
};
offerWriter();
register();
