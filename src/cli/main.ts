#!/usr/bin/env node
import { runCommand } from "./run-command.ts";

// `otel-rerun print … | head` closes the pipe when it has enough: that is no error, and nobody reads what would follow
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

// an exit code, not process.exit: what was printed into a pipe is still on its way
runCommand(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
