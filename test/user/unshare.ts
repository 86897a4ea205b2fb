import { spawnSync } from "node:child_process";
import { permitted } from "../oracle.ts";

/** A process in namespaces of its own is, for what is tested here, one in a container: it has number 1, and sees no other. */
export const CONTAINER = ["--pid", "--mount", "--fork", "--mount-proc", "--kill-child"] as const;

const { status, error, stderr } = spawnSync("unshare", [...CONTAINER, "--uts", "true"], { encoding: "utf8" });
const noContainers = status === 0 ? undefined : `unshare: ${error?.message ?? stderr.trim()}`;

/** A `describe` that runs where a process may have namespaces of its own. */
export const describeWithContainers = permitted("the right to make namespaces", noContainers);
