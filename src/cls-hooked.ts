/** `otel-rerun/cls-hooked`: for applications that carry their context by cls-hooked, which they install themselves. */

// For applications.

export {
  ClsHookedContextManager,
  type ClsHookedContextManagerOptions,
} from "./otel/context/cls-hooked-context-manager.ts";
export { type ClsResolverOptions, clsResolver } from "./otel/context/cls-resolver.ts";
export { addRecordingResolver } from "./recording/context/recording-resolvers.ts";

// For other libraries.

export type { ClsModule, ClsNamespace } from "./otel/context/cls-namespace.ts";
export type { RecordingResolver } from "./recording/context/recording-resolvers.ts";
