/** Node's own, which test runners do not replace. */
export { performance } from "node:perf_hooks";
