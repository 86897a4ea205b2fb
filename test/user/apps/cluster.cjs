// A recorded cluster of WORKERS workers, and a child that one of them forks. Each process logs COUNT numbers.
const cluster = require("node:cluster");
const { fork } = require("node:child_process");
const rr = require("otel-rerun");

const { WORKERS, COUNT } = process.env;
const rec = rr.init("clustered");
const who = cluster.isPrimary ? (process.argv[2] ?? "primary") : `worker-${cluster.worker.id}`;
for (let i = 0; i < Number(COUNT); i++) rec.log(`from/${who}`, new rr.Scalars(i));

if (who === "primary") {
  cluster.setupPrimary({ args: [] });
  for (let no = 0; no < Number(WORKERS); no++) cluster.fork();
  cluster.on("exit", (_, code) => {
    if (code !== 3) process.exitCode = 9;
  });
} else if (who === "worker-1") {
  const { NODE_UNIQUE_ID: _, ...env } = process.env; // or it would take itself for a worker of the cluster
  fork(__filename, ["grandchild"], { env }).on("exit", () => process.exit(3));
} else if (!cluster.isPrimary) process.exit(3);
