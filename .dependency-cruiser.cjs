// The house of docs/architecture.md: imports only point down this list of rooms.
const rooms = [
  "^src/cli/",
  "^src/(index|browser|otel|cls-hooked|bridges|register|recorder|instrumentation|blueprint|reader|writer-entry)\\.ts$",
  "^src/page/",
  "^instrumentation/",
  "^src/bridges/",
  "^src/otel/",
  "^src/telemetry/",
  "^src/blueprint/",
  "^src/recording/",
  "^src/archetypes/",
  "^src/pipeline/",
  "^src/sinks/",
  "^src/rrd/",
  "^src/arrow/",
  "^src/bytes/",
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-circular",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    ...rooms.slice(1).map((room, i) => ({
      name: `not-up-from-${room.replace(/\W+/g, "-")}`,
      severity: "error",
      comment: "Imports point down the house only (docs/architecture.md).",
      from: { path: room },
      to: { path: rooms.slice(0, i + 1).join("|") },
    })),
    {
      name: "no-sdk",
      severity: "error",
      comment: "Only @opentelemetry/api may be imported: SDK packages are matched structurally.",
      from: { path: "^(src|instrumentation)/" },
      to: { path: "node_modules/@opentelemetry/(?!api/)" },
    },
    {
      name: "no-arrow-on-write-path",
      severity: "error",
      from: { path: "^src/(pipeline|sinks|arrow|recording|archetypes)/" },
      to: { path: "node_modules/(@uwdata|apache-arrow)" },
    },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
  },
};
