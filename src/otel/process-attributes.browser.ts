/** As OpenTelemetry calls what runs in a browser. */
export const PROCESS_ATTRIBUTES = { "telemetry.sdk.language": "webjs" } as const;
