/**
 * From a datatype of types.json to TypeScript: what users may write, which `accept…` function turns that into values, and the
 * constant that holds the datatype. Everything a generated file needs is requested from an `Imports`.
 */

/** Datatypes whose meaning has hand-written forms: [one, many, accept, module below src/archetypes]. */
const BY_NAME = {
  "rerun.encodings.Rgba32": ["Color", "Colors", "acceptColors", "color"],
  "rerun.encodings.Uuid": ["Uuid", "Uuid | readonly Uuid[]", "acceptUuids", "accept"],
  "rerun.encodings.TensorData": ["TensorLike", "TensorLike | readonly TensorLike[]", "acceptTensors", "tensor-data"],
  "rerun.encodings.RotationAxisAngle": [
    "AxisAngle",
    "AxisAngle | readonly AxisAngle[]",
    "acceptAxisAngles",
    "rotation",
  ],
  "rerun.encodings.TimeRange": ["TimeRange", "TimeRange | readonly TimeRange[]", "acceptTimeRanges", "time-range"],
  "rerun.encodings.Mat3x3": ["Matrix3", "Matrix3 | readonly Matrix3[]", "acceptMatrices", "rotation"],
  "rerun.encodings.ViewCoordinates": [
    "AxesDirections",
    "AxesDirections | readonly AxesDirections[]",
    "acceptAxes",
    "axes-code",
  ],
  "rerun.encodings.DVec2D": ["LatLon", "LatLons", "acceptLatLons", "lat-lon"],
  "rerun.components.GeoLineString": ["LatLons", "readonly LatLons[]", "acceptLatLons", "lat-lon"],
  "rerun.components.Timestamp": ["Timestamp", "Timestamp | readonly Timestamp[]", "acceptTimestamps", "accept"],
  "rerun.components.GraphEdge": ["GraphEdge", "GraphEdge | readonly GraphEdge[]", "acceptEdges", "accept"],
  "rerun.components.Scale3D": ["Scale", "Scale | Vec3s", "acceptScales", "rotation"],
  "rerun.components.VideoTimestamp": [
    "VideoTime",
    "VideoTime | Integers | readonly VideoTime[]",
    "acceptVideoTimes",
    "video-time",
  ],
  "rerun.components.KeyValuePairs": ["KeyValues", "readonly KeyValues[]", "acceptKeyValues", "pairs"],
  "rerun.components.ChannelMessageCounts": [
    "ChannelCounts",
    "readonly ChannelCounts[]",
    "acceptChannelCounts",
    "pairs",
  ],
  "rerun.components.AnnotationContext": [
    "readonly ClassDescription[]",
    "readonly (readonly ClassDescription[])[]",
    "acceptAnnotations",
    "annotation",
  ],
};

/** [one, many] of a primitive; capitalised names live in value-types.ts. */
function primitive(type) {
  if (type === "Utf8") return ["string", "Texts"];
  if (type === "Boolean") return ["boolean", "Booleans"];
  if (type === "Null") return ["null", "null"];
  return /64$/.test(type) && type !== "Float64" ? ["Integer", "Integers"] : ["number", "Numbers"];
}

const VALUE_TYPES = /\b(Texts|Booleans|Numbers|Integers?|Vec[234]s?|Matrix|Matrices|Bytes)\b/g;

export class Types {
  #source;

  constructor(source) {
    this.#source = source;
  }

  /** Room (`archetypes` or `blueprint`) in which a type is generated. */
  static room(name) {
    return name.startsWith("rerun.blueprint.") ? "blueprint" : "archetypes";
  }

  /** What a component's values are in TypeScript: one, many and accept as of `named`, and the constant of its datatype. */
  component(name, imports) {
    const { arrow, datatype, enum: isEnum, refs } = this.#source.components[name];
    const special = BY_NAME[name];
    const described = special
      ? this.#special(special, imports)
      : this.named(isEnum ? name : datatype, arrow, refs, imports);
    return { ...described, constant: this.#constant(datatype ?? name, arrow, imports) };
  }

  /** @returns one, many: type expressions; accept: expression or undefined */
  named(name, arrow, refs, imports) {
    if (BY_NAME[name]) return this.#special(BY_NAME[name], imports);
    if (this.#source.enums[name]) return this.#enum(name, imports);
    const own = Object.keys(refs ?? {}).length > 0 ? refs : (this.#source.datatypes[name]?.refs ?? {});
    return this.#arrow(name, arrow, own, imports);
  }

  #special([one, many, accept, module], imports) {
    for (const [name] of `${one} ${many}`.matchAll(/\b[A-Z]\w*/g)) {
      const isGeneral = name.match(VALUE_TYPES) !== null;
      imports.type(`archetypes/${isGeneral ? "value-types" : module}`, name);
    }
    imports.value(`archetypes/${module}`, accept);
    return { one, many, accept };
  }

  #enum(name, imports) {
    const short = shortName(name);
    imports.type(`${Types.room(name)}/generated/enums`, short);
    imports.namespace(`${Types.room(name)}/generated/enums`, "enums");
    imports.value("archetypes/accept", "acceptEnum");
    return { one: short, many: `${short} | readonly ${short}[]`, accept: `acceptEnum(enums.${short})` };
  }

  #arrow(name, arrow, refs, imports) {
    const valueTypes = (one, many, accept) => {
      for (const [type] of `${one} ${many}`.matchAll(VALUE_TYPES)) imports.type("archetypes/value-types", type);
      return { one, many, accept };
    };
    if (typeof arrow === "string") return valueTypes(...primitive(arrow));
    switch (arrow.kind) {
      case "FixedSizeList": {
        const item = refs["[]"] && this.named(refs["[]"], arrow.item.type, undefined, imports);
        if (item?.accept) {
          const one = `readonly ${item.one}[]`;
          return { one, many: `${one} | readonly (${one})[]`, accept: item.accept };
        }
        const isVector = typeof arrow.item.type === "string" && arrow.size >= 2 && arrow.size <= 4;
        return isVector ? valueTypes(`Vec${arrow.size}`, `Vec${arrow.size}s`) : valueTypes("Matrix", "Matrices");
      }
      case "List": {
        if (arrow.item.type === "UInt8") return valueTypes("Bytes", "Bytes | readonly Bytes[]");
        const item = this.named(refs["[]"], arrow.item.type, below(refs, "[]"), imports);
        const isFlat = typeof arrow.item.type === "string" || arrow.item.type.kind === "FixedSizeList";
        const one = isFlat ? item.many : `readonly ${item.one}[]`;
        return { one, many: `readonly (${one})[]`, accept: item.accept };
      }
      default: {
        const short = shortName(name);
        imports.type(`${Types.room(name)}/generated/datatypes`, short, name);
        const many = `${short} | readonly ${short}[]`;
        return { one: short, many, accept: this.#acceptStruct(arrow, refs, imports) };
      }
    }
  }

  #acceptStruct(arrow, refs, imports) {
    if (arrow.kind !== "Struct") return undefined;
    const fields = [];
    for (const field of arrow.fields) {
      const { accept } = this.field(field, refs, new NoImports());
      if (accept === undefined) continue;
      this.field(field, refs, imports.withoutTypes());
      fields.push(`${field.name}: ${accept}`);
    }
    if (fields.length === 0) return undefined;
    imports.value("archetypes/accept", "acceptStruct");
    return `acceptStruct({ ${fields.join(", ")} })`;
  }

  /** A child of a struct or union. */
  field(field, refs, imports) {
    return this.named(refs[field.name], field.type, below(refs, field.name), imports);
  }

  /** Expression for a datatype: its name, or the constant that is generated for it. */
  #constant(name, arrow, imports) {
    if (typeof arrow === "string") return JSON.stringify(arrow);
    const constant = constantName(name);
    imports.value(`${Types.room(name)}/generated/datatypes`, constant);
    return constant;
  }

  /** Datatypes, and components that are nested datatypes by themselves (line strips). */
  datatypeNames() {
    const own = Object.entries(this.#source.components).filter(
      ([, { arrow, datatype }]) => datatype === null && typeof arrow !== "string",
    );
    return [...Object.keys(this.#source.datatypes), ...own.map(([name]) => name)].sort();
  }

  /** The definition of a datatype, or of a component that is one by itself. */
  definition(name) {
    return this.#source.datatypes[name] ?? this.#source.components[name];
  }

  /** Datatypes of which this one is made and that have a constant. */
  namedInside(name) {
    const { arrow, refs = {} } = this.definition(name);
    const names = Object.values(refs).filter((ref) => !this.#source.enums[ref]);
    return typeof arrow === "string"
      ? []
      : names.filter((ref) => typeof this.definition(ref).arrow !== "string").sort();
  }

  componentDefinition(name) {
    return this.#source.components[name];
  }

  enum(name) {
    return this.#source.enums[name];
  }

  /** Expression for a datatype inside another one: the constant of a named one, else written out. */
  #expression(arrow, refs, name, imports) {
    const named = name !== undefined && !this.#source.enums[name];
    if (named && typeof arrow !== "string") return this.#constant(name, arrow, imports);
    return this.literal(arrow, refs, imports);
  }

  literal(arrow, refs, imports) {
    if (typeof arrow === "string") return JSON.stringify(arrow);
    const field = (f, name) => {
      const type = this.#expression(f.type, below(refs, name), refs[name], imports);
      const typeId = f.typeId === undefined ? "" : `, typeId: ${f.typeId}`;
      return `{ name: "${f.name}", nullable: ${f.nullable}, type: ${type}${typeId} }`;
    };
    if (arrow.kind === "List") return `{ kind: "List", item: ${field(arrow.item, "[]")} }`;
    if (arrow.kind === "FixedSizeList")
      return `{ kind: "FixedSizeList", size: ${arrow.size}, item: ${field(arrow.item, "[]")} }`;
    const mode = arrow.mode === undefined ? "" : `mode: "${arrow.mode}",\n  `;
    const fields = arrow.fields.map((f) => `    ${field(f, f.name)},\n`).join("");
    return `{\n  kind: "${arrow.kind}",\n  ${mode}fields: [\n${fields}  ],\n}`;
  }
}

class NoImports {
  type() {}
  value() {}
  namespace() {}
  withoutTypes() {
    return this;
  }
}

/** Refs of a child: `a.b` → `b`, `a[]` → `[]`. */
function below(refs, name) {
  const entries = Object.entries(refs).filter(
    ([path]) => path.startsWith(name) && /^[.[]/.test(path.slice(name.length)),
  );
  return Object.fromEntries(entries.map(([path, to]) => [path.slice(name.length).replace(/^\./, ""), to]));
}

export function shortName(name) {
  return name.slice(name.lastIndexOf(".") + 1);
}

export function camelCase(name) {
  return name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
}

export function kebabCase(name) {
  return name.replace(/([a-z])([A-Z])/g, "$1-$2").toLowerCase();
}

export function constantName(name) {
  return shortName(name)
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toUpperCase();
}

/** Arrow notation for docstrings. */
export function arrowName(arrow) {
  if (typeof arrow === "string") return arrow;
  if (arrow.kind === "List") return `List<${arrowName(arrow.item.type)}>`;
  if (arrow.kind === "FixedSizeList") return `FixedSizeList<${arrowName(arrow.item.type)}, ${arrow.size}>`;
  return arrow.kind;
}
