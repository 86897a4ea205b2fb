// Prints what the process has cost when it ends: CPU of all its threads, and the time since it began, in seconds.
process.once("exit", () => {
  const { user, system } = process.cpuUsage();
  const cost = { cpu: (user + system) / 1e6, wall: performance.now() / 1e3 };
  require("node:fs").writeSync(1, `${JSON.stringify(cost)}\n`);
});
