/**
 * Where all copies of OpenTelemetry's API, whatever their version, keep on `globalThis` what is registered with them, and where they look at
 * each call (`internal/global-utils` of its major version 1).
 */
export const API_REGISTRY: unique symbol = Symbol.for("opentelemetry.js.api.1");
