import { v4 } from "uuid";

/**
 * How a process tells its children which recording is theirs too, in the environment:
 *
 *   OTEL_RERUN_PARENT    JSON, at least { "applicationId": "shop" }
 *   RERUN_RECORDING_ID   the recording id
 *
 * An inherited id holds only for the same application id: Rerun's rule that one tree of processes and one application id make
 * one recording. Nothing is derived from a secret.
 */
export const PARENT_VARIABLE = "OTEL_RERUN_PARENT";
export const RECORDING_ID_VARIABLE = "RERUN_RECORDING_ID";

/** What `OTEL_RERUN_PARENT` holds. */
export interface Parent {
  /** As normalised. */
  readonly applicationId: string;
  readonly [key: string]: unknown;
}

/** The parent's announcement; undefined when there is none or it cannot be read. */
export function parentFromEnvironment(env: NodeJS.ProcessEnv = process.env): Parent | undefined {
  try {
    const parent: unknown = JSON.parse(env[PARENT_VARIABLE] ?? "null");
    if (typeof parent !== "object" || parent === null) return undefined;
    const { applicationId } = parent as Parent;
    return typeof applicationId === "string" && applicationId.trim() !== "" ? (parent as Parent) : undefined;
  } catch {
    return undefined;
  }
}

/** The parent's recording id if it recorded the same application. */
export function inheritedRecordingId(applicationId: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const id = env[RECORDING_ID_VARIABLE];
  if (id === undefined || id === "") return undefined;
  return parentFromEnvironment(env)?.applicationId === applicationId ? id : undefined;
}

/** A UUIDv4 in its canonical form with dashes. */
export function newRecordingId(): string {
  return v4();
}
