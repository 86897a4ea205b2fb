import { relative, resolve, sep } from "node:path";

interface Graph {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/** What runs when `register` is loaded, without what runs at the first row, request or line of the console only. */
const START = [
  /^instrumentation\/(console|diag-logger|express|express-channel|express-layers|fetch-client|first-api-use|gc-pauses)\.ts$/,
  /^instrumentation\/(http|http-activity|http-client|http-server|installed-packages|instrumentation|message-context)\.ts$/,
  /^instrumentation\/(override|record-per|recorder-mode|recording-file|redact|redaction-options|register|working-folder)\.ts$/,
  /^instrumentation\/(request-observer|run-name|runtime-metrics|service-name|start-installed)\.ts$/,
  /^src\/(errors|nearest-word|option-names|performance|real-time|version)\.ts$/,
  /^src\/otel\/(cover|install|provide-tracing|recording-logger-provider|resource|span-ids)\.ts$/,
  /^src\/recording\/(active-recording|api-registry|failures|internals|recording-id|recording-intake|recording-stream)\.ts$/,
  /^src\/pipeline\/(port-line|thread-clock|writer-control|writer-hub)\.ts$/,
  /^src\/recording\/(checked-arguments|exit-hooks|process-pipeline|process-writer|recording-option-names|signal-hooks)\.ts$/,
  /^src\/recording\/(batcher-settings|recording-times|span-intake|timeline-registry)\.ts$/,
  /^src\/rrd\/(application-id|entity-path)\.ts$/,
  /^src\/telemetry\/layout\/slug\.ts$/,
  /(^|\/)node_modules\/uuid\//,
];

/**
 * The files of the build that stand in front of every start of somebody else's program. Opening and compiling is what `register` cost: all
 * of its 490 kB in 28 files took 70 ms of CPU, of which a program that records nothing ran a quarter.
 *
 *     register ──▶ switch    is this process to be recorded?
 *         └──────▶ core      what runs at the start, in one file
 *                    └─ ─ ─▶ later    what it calls then, loaded at the first call (scripts/lazy-requires.mts)
 *
 * The other entries share all three, so there is still one of everything (docs/decisions/0001). A module that is missing in the list is
 * not wrong, only late; a test says when `later` is loaded at the start.
 *
 * @param before the entry that decides whether `entry` is loaded.
 */
export function startUpFile(entry: string, before: string) {
  const switchModules = new Set<string>();
  const startModules = new Set<string>();
  const isAtStart = (id: string) => {
    const path = relative(process.cwd(), id).replaceAll(sep, "/");
    return START.some((pattern) => pattern.test(path));
  };
  return {
    plugin: {
      name: "start-up-file",
      buildEnd(this: Graph) {
        const follow = (id: string, into: Set<string>) => {
          for (const next of this.getModuleInfo(id)?.importedIds ?? []) {
            if (into.has(next)) continue;
            into.add(next);
            follow(next, into);
          }
        };
        follow(resolve(before), switchModules);
        follow(resolve(entry), startModules);
      },
    },
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [
        { name: "switch", priority: 3, test: (id: string) => switchModules.has(id) },
        { name: "core", priority: 2, test: (id: string) => startModules.has(id) && isAtStart(id) },
        { name: "later", priority: 1, test: (id: string) => startModules.has(id) },
      ],
    },
  };
}
