import { relative, resolve, sep } from "node:path";

interface Graph {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/** What runs when `register` is loaded, without what runs at the first row, request or line of the console only. */
const START = [
  /^instrumentation\/(console|express|first-api-use|gc-pauses|http|installed-packages|instrumentation|override)\.ts$/,
  /^instrumentation\/(redact|redaction-options|register|runtime-metrics|start-installed)\.ts$/,
  /^instrumentation\/express\/(express-channel|express-layers)\.ts$/,
  /^instrumentation\/http\/(fetch-client|http-activity|http-client|http-server|message-context)\.ts$/,
  /^instrumentation\/http\/request-observer\.ts$/,
  /^instrumentation\/logs\/diag-logger\.ts$/,
  /^instrumentation\/run\/(record-per|recorder-mode|recording-file|run-name|service-name|working-folder)\.ts$/,
  /^src\/(errors|kind-of|nearest-word|option-names|performance|real-time|version)\.ts$/,
  /^src\/otel\/(cover|install)\.ts$/,
  /^src\/otel\/sdk\/resource\.ts$/,
  /^src\/otel\/tracer\/(provide-tracing|recording-logger-provider|span-ids)\.ts$/,
  /^src\/pipeline\/writer-thread\/(port-line|thread-clock|writer-control|writer-hub)\.ts$/,
  /^src\/recording\/(batcher-settings|checked-arguments|failures|internals|recording-id|recording-intake)\.ts$/,
  /^src\/recording\/(recording-option-names|recording-stream|span-intake)\.ts$/,
  /^src\/recording\/context\/active-recording\.ts$/,
  /^src\/recording\/process\/(api-registry|exit-hooks|process-pipeline|process-writer|signal-hooks)\.ts$/,
  /^src\/recording\/time\/(recording-times|timeline-registry)\.ts$/,
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
