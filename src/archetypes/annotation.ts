import { RerunError } from "../errors.ts";
import type { Accept } from "./accept.ts";
import { acceptColors, type Color } from "./color.ts";

/** What an id means: `[id, label, color]`, or an object. */
export type Annotation =
  | readonly [id: number, label?: string | null, color?: Color | null]
  | { readonly id: number; readonly label?: string | null | undefined; readonly color?: Color | null | undefined };

/** A class: what its id means, and its keypoints with the lines between them, by keypoint id. */
export type ClassDescription =
  | Annotation
  | {
      readonly id: number;
      readonly label?: string | null | undefined;
      readonly color?: Color | null | undefined;
      readonly keypoints?: readonly Annotation[] | undefined;
      readonly connections?: readonly (readonly [from: number, to: number])[] | undefined;
    }
  /** As Rerun's Python SDK has it. */
  | {
      readonly info: Annotation;
      readonly keypointAnnotations?: readonly Annotation[] | undefined;
      readonly keypointConnections?: readonly (readonly [from: number, to: number])[] | undefined;
    };

const OF_CLASS: ReadonlySet<string> = new Set(["id", "label", "color", "keypoints", "connections"]);

/**
 * The classes of a context as the format's map from class id to description. What is in the format's own form stays as it is,
 * except that colours may be written in any form.
 */
export const acceptAnnotations: Accept = (value) => {
  if (!Array.isArray(value)) return typeof value === "object" && value !== null ? [classOf(value)] : value;
  if (isContext(value)) return value.map(classOf);
  return value.map(acceptAnnotations);
};

/** Columns hold one list of classes for each row, which is one array deeper. */
function isContext(value: readonly unknown[]): boolean {
  return value.length > 0 && value.every((one) => !Array.isArray(one) || typeof one[0] === "number");
}

function classOf(given: unknown): unknown {
  const { class_id, classId, class_description, classDescription, ...own } = fieldsOf(given);
  const description = (class_description ?? classDescription ?? ("info" in own ? own : undefined)) as
    | Record<string, unknown>
    | undefined;
  if (description === undefined) {
    const { keypoints = [], connections = [], ...info } = own;
    const unknown = Object.keys(own).find((name) => !OF_CLASS.has(name));
    if (unknown !== undefined) {
      throw new RerunError(
        "ERR_RERUN_DATA",
        `a class has no ${JSON.stringify(unknown)}; it has ${[...OF_CLASS].join(", ")}`,
      );
    }
    return element(info.id, info, keypoints, connections);
  }
  const keypoints = description.keypoint_annotations ?? description.keypointAnnotations ?? [];
  const connections = description.keypoint_connections ?? description.keypointConnections ?? [];
  return element(class_id ?? classId ?? fieldsOf(description.info).id, description.info, keypoints, connections);
}

function element(id: unknown, info: unknown, keypoints: unknown, connections: unknown): unknown {
  return {
    class_id: id,
    class_description: {
      info: annotationOf(info),
      keypoint_annotations: (keypoints as unknown[]).map(annotationOf),
      keypoint_connections: (connections as unknown[]).map((pair) =>
        Array.isArray(pair) ? { keypoint0: pair[0], keypoint1: pair[1] } : pair,
      ),
    },
  };
}

function annotationOf(given: unknown): unknown {
  const { id, label = null, color = null } = fieldsOf(given);
  return { id, label, color: color === null ? null : acceptColors(color) };
}

function fieldsOf(given: unknown): Record<string, unknown> {
  if (typeof given !== "object" || given === null) {
    throw new RerunError("ERR_RERUN_DATA", `an annotation is [id, label, color] or { id, label, color }, got ${given}`);
  }
  if (!Array.isArray(given)) return given as Record<string, unknown>;
  const [id, label, color] = given;
  return { id, label, color };
}
