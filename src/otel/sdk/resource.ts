import type { RecordingStream } from "../../recording/recording-stream.ts";
import type { Attributes, Resource } from "../../telemetry/model.ts";
import { VERSION } from "../../version.ts";
import { toAttributes } from "../attributes.ts";
import { PROCESS_ATTRIBUTES } from "../process-attributes.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The resource of spans made by `RecordingTracerProvider`. `OTEL_SERVICE_NAME` beats `OTEL_RESOURCE_ATTRIBUTES`, which beat `given`,
 * which beats the application id as name of the service.
 */
export function createResourceAttributes(
  given: Readonly<Record<string, unknown>> | undefined,
  applicationId: string,
  environment: Environment = process.env,
): Attributes {
  const serviceName = environment.OTEL_SERVICE_NAME?.trim();
  return {
    "service.name": applicationId,
    ...PROCESS_ATTRIBUTES,
    "telemetry.sdk.name": "otel-rerun",
    "telemetry.sdk.version": VERSION,
    ...toAttributes(given),
    ...parseResourceAttributes(environment.OTEL_RESOURCE_ATTRIBUTES),
    ...(serviceName ? { "service.name": serviceName } : undefined),
  };
}

/** The resource of each recording, the same object every time, since the recorder writes each resource once. */
export function resourcePerRecording(
  given: Readonly<Record<string, unknown>> | undefined,
): (recording: RecordingStream) => Resource {
  const resources = new WeakMap<RecordingStream, Resource>();
  return (recording) => {
    let resource = resources.get(recording);
    if (resource === undefined) {
      resource = { attributes: createResourceAttributes(given, recording.applicationId) };
      resources.set(recording, resource);
    }
    return resource;
  };
}

/** `key=value` pairs with commas between, percent-encoded. One malformed pair makes the whole of it void (OTel spec, "Resource SDK"). */
export function parseResourceAttributes(text: string | undefined): Record<string, string> {
  const attributes: Record<string, string> = {};
  if (!text?.trim()) return attributes;
  try {
    for (const pair of text.split(",")) {
      if (pair.trim() === "") continue;
      const at = pair.indexOf("=");
      if (at <= 0) return {};
      attributes[decodeURIComponent(pair.slice(0, at).trim())] = decodeURIComponent(pair.slice(at + 1).trim());
    }
  } catch {
    return {};
  }
  return attributes;
}
