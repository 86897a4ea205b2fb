/**
 * `otel-rerun/register`: for `node --import` and `node --require`. Acts when it is loaded; loading it again does nothing.
 *
 *   register ── is this process to be recorded? ──▶ recorder ── first row ──▶ writer
 *
 * Three files, since this one is in front of every start of somebody else's program, also where it is switched off.
 */

import { mayRegister } from "../instrumentation/run/may-register.ts";
import { sayLine } from "./recording/warnings.ts";

try {
  // the build leaves it as it is, and a bundler of an application sees what belongs to it
  if (mayRegister()) require("./recorder.cjs");
} catch (error) {
  // the application starts all the same (I1)
  sayLine(`nothing is recorded, or not all: ${error instanceof Error ? error.message : String(error)}`);
}
