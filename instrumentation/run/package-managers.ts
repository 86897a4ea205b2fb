/** As they stand in `PATH`: npm's and corepack's shims, and our own command. */
const COMMANDS: ReadonlySet<string> = new Set([
  "npm",
  "npx",
  "pnpm",
  "pnpx",
  "yarn",
  "yarnpkg",
  "corepack",
  "otel-rerun",
]);

/** What those shims start, wherever it is installed; also the releases that yarn keeps in a project, and what corepack downloads. */
const PROGRAMS = [
  /[\\/]node_modules[\\/](?:npm|pnpm|yarn|corepack|otel-rerun[\\/]dist)[\\/]/i,
  /[\\/](?:npm|npx)-(?:cli|prefix)\.js$/i,
  /[\\/](?:bin|corepack[\\/].*|\.yarn[\\/]releases)[\\/](?:pnpm|pnpx|yarn)(?:-[\w.-]+)?\.[cm]?js$/i,
];

/**
 * Whether the process is a package manager, or our own command line. `NODE_OPTIONS` reaches these too, and nobody who runs
 * `npm start` under it wants recordings of npm.
 * @param script `process.argv[1]`
 */
export function isPackageManager(script: string | undefined): boolean {
  if (script === undefined) return false;
  const name = script.slice(Math.max(script.lastIndexOf("/"), script.lastIndexOf("\\")) + 1).toLowerCase();
  return COMMANDS.has(name.replace(/\.cmd$/, "")) || PROGRAMS.some((program) => program.test(script));
}
