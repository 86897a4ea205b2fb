import { CallGraph } from "../layout/call-graph.ts";
import { LeftOut } from "../layout/caps.ts";
import { DeweyKeys } from "../layout/dewey.ts";
import { RequestLayout } from "../layout/request-layout.ts";
import { Routes } from "../layout/routes.ts";
import { RunSummary } from "../layout/run-summary.ts";
import { isEntryKind, isLocalRoot } from "../layout/span-facts.ts";
import type { MergeLayout, RunLayout } from "./merge-layout.ts";

/** The parts that live recordings are laid out with, so that merged ones look the same. */
export const traceLayout: MergeLayout = {
  openRun(log): RunLayout {
    const leftOut = new LeftOut();
    const routes = new Routes(leftOut);
    const summary = new RunSummary();
    const graph = new CallGraph(leftOut);
    return {
      addSpan(span) {
        summary.add(span);
        if (!span.isUnfinished) graph.add(span);
        // the table does not tell remote parents from others; a span that answers somebody has one
        const isRequest = isLocalRoot(span) || isEntryKind(span);
        if (isRequest && !span.isUnfinished) summary.addRoot(span, routes.of(span.name).name);
      },
      addNotable(recording, { spans }) {
        const [first] = new DeweyKeys().add(spans);
        if (first !== undefined) summary.addNotable(recording, first.span);
      },
      finish() {
        graph.write(log);
        const text = leftOut.toString();
        summary.write(log, text === "" ? [] : [`not drawn, but in the span table: ${text}`]);
      },
    };
  },

  writeTrace(log, trace) {
    new RequestLayout(log).add(trace);
  },
};
