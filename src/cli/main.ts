#!/usr/bin/env node
import { runCommand } from "./run-command.ts";

// an exit code, not process.exit: what was printed into a pipe is still on its way
runCommand(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
