import { performance } from "./performance.ts";

/**
 * Timers and clocks as they are when this is loaded, which `register` does before the application. Where a test of the application's
 * puts its own in their place (sinon, Jest), ours are not among those that it runs or counts, and what is recorded keeps its time.
 */
const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
const now = performance.now.bind(performance);
const wall = Date.now;
const { timeOrigin } = performance;

export { clearInterval, clearTimeout, now, setInterval, setTimeout, timeOrigin, wall };
