/** Which entities of a run hold what traces are made of (trace-view §2.2). */

const LOGS = "/logs/";

/** Rows there are made of spans, which bring their events themselves. */
const FROM_SPANS = new Set(["/logs/events", "/logs/exceptions"]);

export function isSpans(entityPath: string): boolean {
  return entityPath === "/spans";
}

export function isLogs(entityPath: string): boolean {
  return entityPath.startsWith(LOGS) && !FROM_SPANS.has(entityPath);
}

export function isResource(entityPath: string): boolean {
  return entityPath.startsWith("/__properties/resource");
}

/** Slug of the service whose logs the entity holds. */
export function serviceOfLogs(entityPath: string): string {
  return entityPath.slice(LOGS.length);
}
