/** What a resource says of where its spans are made. */
export const PROCESS_ATTRIBUTES = { "process.pid": process.pid, "telemetry.sdk.language": "nodejs" } as const;
