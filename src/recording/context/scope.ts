import { type Context, context, ROOT_CONTEXT } from "@opentelemetry/api";
import { RerunError } from "../../errors.ts";
import { checkRecording } from "../checked-arguments.ts";
import { successorOf } from "../internals.ts";
import { API_REGISTRY } from "../process/api-registry.ts";
import { processState } from "../process/process-state.ts";
import type { RecordingStream } from "../recording-stream.ts";
import type { TimeState } from "../time/time-state.ts";
import { resolvedRecording } from "./recording-resolvers.ts";

/**
 * Scopes: which recording is active in a flow of control, and what times are set there. A scope travels in two places, because
 * `rec.with` has to work without any OpenTelemetry set-up and under every foreign context manager:
 *
 *   our AsyncLocalStorage    ── store ─▶ Context { SCOPE: inner }      always
 *   the OTel active context  ──────────▶ Context { SCOPE: inner }      when a manager is registered
 *
 * With our own manager both are the same store. With a foreign one each can change without the other: `activate` cannot reach
 * the OTel context, `context.with` does not reach ours. So a scope remembers which scope the OTel context held once it was
 * entered. When it holds another one now, that one came later: the innermost change wins (I6).
 */
const SCOPE = Symbol.for("otel-rerun/1 scope");

class Scope {
  readonly recording: RecordingStream;
  readonly times: TimeState;
  /** Nobody chose the recording: it was the active one, and resolvers come before it. */
  readonly isDefault: boolean;
  /** What the OTel context held when this scope was entered; undefined also for scopes that live in OTel contexts only. */
  otelScope: Scope | undefined;
  /** For scopes made by `activate`: the store it entered, and the one to go back to. */
  entered: Context | undefined;
  previous: Context | undefined;
  isDisposed = false;

  constructor(recording: RecordingStream, times: TimeState, isDefault = false) {
    this.recording = recording;
    this.times = times;
    this.isDefault = isDefault;
  }
}

/** Ends what `activate` began. Disposing it again does nothing. */
export interface RecordingScope extends Disposable {
  dispose(): void;
}

/** A context in which `recording` is the active one, with a snapshot of the times that are set now. */
export function contextWithRecording(otelContext: Context, recording: RecordingStream): Context {
  checkContext("contextWithRecording", otelContext);
  checkRecording("contextWithRecording", recording);
  const times = scopeIn(otelContext)?.times ?? activeTimes();
  return otelContext.setValue(SCOPE, new Scope(recording, times.fork()));
}

/** A context with times of its own, whose recording is the one that is active anyway: it gives way to resolvers. */
export function contextWithDefaultRecording(otelContext: Context, recording: RecordingStream): Context {
  const times = scopeIn(otelContext)?.times ?? activeTimes();
  return otelContext.setValue(SCOPE, new Scope(recording, times.fork(), true));
}

/** The recording that was put into a context by `contextWithRecording`, `rec.with` or a propagator. */
export function recordingFromContext(otelContext: Context): RecordingStream | undefined {
  checkContext("recordingFromContext", otelContext);
  return recordingOf(scopeIn(otelContext));
}

/** Somebody has chosen a recording in this context; it is not just the one that is active anyway. */
export function hasChosenRecording(otelContext: Context): boolean {
  return scopeIn(otelContext)?.isDefault === false;
}

/** Where telemetry of a context goes: the recording that was chosen in it, else what resolvers say, else the one it has. */
export function recordingForContext(otelContext: Context): RecordingStream | undefined {
  return chosenBy(scopeIn(otelContext));
}

/** The recording of the innermost scope, or what resolvers say if there is none that was chosen. Never throws. */
export function scopedRecording(): RecordingStream | undefined {
  return chosenBy(activeScope());
}

function chosenBy(scope: Scope | undefined): RecordingStream | undefined {
  if (scope !== undefined && !scope.isDefault) return recordingOf(scope);
  return resolvedRecording() ?? recordingOf(scope);
}

/** Where `setTime` writes and `log` reads: the times of the innermost scope, or those outside of every scope. */
export function activeTimes(): TimeState {
  return activeScope()?.times ?? processState().rootTimes;
}

/** Calls `fn` in a new scope of `recording`; what it starts stays in it. Returns or throws what `fn` does. */
export function withScope<T>(recording: RecordingStream, fn: () => T): T {
  return enter(new Scope(recording, activeTimes().fork()), hereAndNow(), fn);
}

/** A scope that can be entered again and again, from wherever; made by `bindScope`. */
export interface BoundScope {
  /** Calls `fn` in a scope of its own, which begins with the times that were set when it was bound. */
  run<T>(fn: () => T): T;
  /** Calls `fn` in one and the same scope each time, so that times set in a step hold in the next one. */
  resume<T>(fn: () => T): T;
}

/** A scope of `recording` that has the times, and the OTel context, of here and now wherever it is entered. */
export function bindScope(recording: RecordingStream): BoundScope {
  const times = activeTimes().fork();
  const surroundings = hereAndNow();
  const lasting = new Scope(recording, times.fork());
  return {
    run: (fn) => enter(new Scope(recording, times.fork()), surroundings, fn),
    resume: (fn) => enter(lasting, surroundings, fn),
  };
}

/** What a scope is entered from. */
interface Surroundings {
  readonly store: Context | undefined;
  readonly otelContext: Context;
}

function hereAndNow(): Surroundings {
  return { store: processState().contextStorage.getStore(), otelContext: activeContext() };
}

function enter<T>(scope: Scope, { store, otelContext }: Surroundings, fn: () => T): T {
  const { contextStorage } = processState();
  const inner = (store ?? ROOT_CONTEXT).setValue(SCOPE, scope);
  if (store !== undefined && store === otelContext) return contextStorage.run(inner, fn);
  return contextStorage.run(inner, () =>
    context.with(otelContext.setValue(SCOPE, scope), () => {
      noteOtelScope(scope);
      return fn();
    }),
  );
}

/**
 * Makes `recording` the active one for the rest of this flow of control, until the scope is disposed. Scopes may be disposed in
 * any order and more than once. What was started meanwhile keeps the scope.
 *
 * In an async function, before its first `await`, this also changes the caller until it is disposed: use `with` there.
 */
export function activateScope(recording: RecordingStream): RecordingScope {
  const { contextStorage } = processState();
  const scope = new Scope(recording, activeTimes().fork());
  scope.previous = contextStorage.getStore();
  scope.entered = (scope.previous ?? ROOT_CONTEXT).setValue(SCOPE, scope);
  contextStorage.enterWith(scope.entered);
  noteOtelScope(scope);
  const dispose = () => leave(scope);
  return { dispose, [Symbol.dispose]: dispose };
}

/**
 * Goes back to what was active before, but only where the scope is still the innermost one: disposed out of order it is merely
 * marked, and the scopes inside it skip it when they end.
 */
function leave(scope: Scope): void {
  if (scope.isDisposed) return;
  scope.isDisposed = true;
  const { contextStorage } = processState();
  const store = contextStorage.getStore();
  if (store === undefined || scopeIn(store) !== scope) return;
  let target = scope.previous;
  for (let outer = target && scopeIn(target); outer?.isDisposed; outer = target && scopeIn(target))
    target = outer.previous;
  // A span that was entered since (our manager works on this store) goes on; only the scope changes.
  const isAsEntered = store === scope.entered;
  contextStorage.enterWith(isAsEntered ? (target as Context) : store.setValue(SCOPE, target && scopeIn(target)));
}

/** Under our own manager there is nothing to remember: the scope itself is in the OTel context, until a foreign one takes over. */
function noteOtelScope(scope: Scope): void {
  const otelContext = activeContext();
  if (otelContext !== processState().contextStorage.getStore()) scope.otelScope = scopeIn(otelContext);
}

function activeScope(): Scope | undefined {
  const store = processState().contextStorage.getStore();
  if (!hasContextManager()) return store && scopeIn(store);
  const otelContext = activeContext();
  const otelScope = scopeIn(otelContext);
  if (store === undefined || store === otelContext) return otelScope;
  const scope = scopeIn(store);
  return otelScope === scope?.otelScope ? scope : otelScope;
}

function checkContext(call: string, otelContext: Context): void {
  if (typeof otelContext?.getValue === "function") return;
  throw new RerunError("ERR_RERUN_ARGUMENT", `${call} needs a Context of OpenTelemetry, as context.active() gives one`);
}

/** A scope may outlive its recording, which then has a successor. */
function recordingOf(scope: Scope | undefined): RecordingStream | undefined {
  return scope && successorOf(scope.recording);
}

function scopeIn(otelContext: Context): Scope | undefined {
  return otelContext.getValue(SCOPE) as Scope | undefined;
}

let isManaged = false;

/**
 * Whether a context manager was ever registered. Without one the active context is the root, which holds no scope, and the API need not be
 * loaded to say so: its 43 files were half of what a process paid for its first row.
 */
function hasContextManager(): boolean {
  if (isManaged) return true;
  const registry = (globalThis as { [API_REGISTRY]?: { readonly context?: object } })[API_REGISTRY];
  isManaged = registry?.context !== undefined;
  return isManaged;
}

/** A foreign manager is foreign code: what it throws must not reach whoever logs (I1). */
function activeContext(): Context {
  try {
    return context.active();
  } catch {
    return ROOT_CONTEXT;
  }
}
