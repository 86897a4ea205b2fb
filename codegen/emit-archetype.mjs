/** Template of the file of one archetype. */
import { aboutArchetype, aboutField } from "./descriptions.mjs";
import { docBlock, HEADER } from "./emit.mjs";
import { arrowName, camelCase, shortName, Types } from "./types.mjs";

/** With more required fields than this the constructor takes them by name. */
const MOST_POSITIONAL = 2;

export function archetypeFile(archetype, types, imports) {
  const { shortName: name } = archetype;
  const fields = archetype.fields.map((field) => fieldOf(archetype, field, types, imports));
  const required = fields.filter((field) => field.requirement === "required");
  const optional = fields.filter((field) => field.requirement !== "required");
  const isPositional = required.length > 0 && required.length <= MOST_POSITIONAL;

  imports.type("rrd/component-batch", "AsComponents");
  imports.value("archetypes/archetype", "Archetype");
  imports.value("archetypes/archetype", "ArchetypeUpdate");
  imports.type("archetypes/archetype", "UpdateOptions");
  imports.type("archetypes/component-columns", "ComponentColumns");
  imports.value("archetypes/component-columns", "columnsOf");
  imports.value("archetypes/once", "once");

  const doc = [aboutArchetype(name)];
  if (archetype.viewHints?.length > 0) doc.push("", `Shown by views of kind ${archetype.viewHints.join(", ")}.`);
  if (archetype.propertyOfViews?.length > 0)
    doc.push("", `A property of views of kind ${archetype.propertyOfViews.join(", ")}.`);
  if (archetype.stability === "unstable") doc.push("", "Unstable: may change with the next release of Rerun.");

  let init = "";
  if (isPositional && optional.length > 0) {
    const names = required.map(({ key }) => `"${key}"`).join(" | ");
    init = `/** All but what ${name} requires. */\nexport type ${name}Options = Omit<${name}Fields, ${names}>;\n\n`;
  } else if (required.length > MOST_POSITIONAL) {
    const members = required.map(({ key, rowType }) => `  readonly ${key}: ${rowType};\n`).join("");
    init = `/** What ${name} is made of: some fields cannot be left out. */\nexport interface ${name}Init extends ${name}Fields {\n${members}}\n\n`;
  }

  const body = `
const ARCHETYPE = "${archetype.name}";

const COMPONENTS = /* @__PURE__ */ once(() => ({
${fields.map(({ key, name, factory }) => `  ${key}: ${factory}(ARCHETYPE, "${name}"),\n`).join("")}}));

/** What a row of ${name} can hold. */
export interface ${name}Fields {
${fields.map((field) => `  /** ${field.doc} */\n  readonly ${field.key}?: ${field.rowType} | null | undefined;\n`).join("")}}

${init}${docBlock(doc)}export class ${name} extends Archetype {
  static get components() {
    return COMPONENTS();
  }

${isPositional ? positional(name, required, optional) : byName(name, required, optional)}
  /** Only some fields, for a row that changes nothing else. */
  static update(fields: ${name}Fields, options?: UpdateOptions): AsComponents {
    return new ArchetypeUpdate(COMPONENTS(), fields, options);
  }

  /** Empties all fields, so that nothing of earlier rows shows through. */
  static clear(): AsComponents {
    return new ArchetypeUpdate(COMPONENTS(), {}, { clearUnset: true });
  }

  /** Columns for \`sendColumns\`: the instances of all rows, one a row until partitioned. */
  static columns(columns: {
${fields.map((field) => `    readonly ${field.key}?: ${field.columnType};\n`).join("")}  }): ComponentColumns {
    return columnsOf(COMPONENTS(), columns);
  }
}
`;
  return HEADER + imports.text(body) + body;
}

function fieldOf(archetype, field, types, imports) {
  const { one, many } = types.component(field.component, imports);
  const fromRoom = Types.room(field.component);
  const namespace = fromRoom === Types.room(archetype.name) ? "component" : "dataComponent";
  imports.namespace(`${fromRoom}/generated/components`, namespace);
  const { arrow } = types.componentDefinition(field.component);
  return {
    name: field.name,
    requirement: field.requirement,
    key: camelCase(field.name),
    factory: `${namespace}.${shortName(field.component)}`,
    rowType: field.plural ? many : one,
    columnType: many === one ? `readonly (${one})[]` : many,
    about: aboutField(archetype.shortName, field.name),
    doc: `${aboutField(archetype.shortName, field.name)}. ${field.plural ? "Any number of instances" : "One instance"}, ${arrowName(arrow)}.`,
  };
}

function positional(name, required, optional) {
  const parameters = required.map(({ key, rowType }) => `${key}: ${rowType}`);
  if (optional.length > 0) parameters.push(`options?: ${name}Options`);
  const batches = required.map(({ key }) => `{ spec: components.${key}, values: ${key} ?? null }`);
  const doc = docBlock(
    required.map(({ key, about }) => `@param ${key} ${about}.`),
    "  ",
  );
  return `${doc}  constructor(${parameters.join(", ")}) {
    const components = COMPONENTS();
${superCall(batches, optional.length > 0 ? "options" : undefined)}  }
`;
}

function byName(name, required, optional) {
  if (required.length === 0) {
    return `  constructor(fields: ${name}Fields = {}) {\n    super([], COMPONENTS(), fields);\n  }\n`;
  }
  const batches = required.map(({ key }) => `{ spec: components.${key}, values: fields?.${key} ?? null }`);
  return `  constructor(fields: ${name}Init) {
    const components = COMPONENTS();
${superCall(batches, optional.length > 0 ? `{ ...fields, ${required.map(({ key }) => `${key}: undefined`).join(", ")} }` : undefined)}  }
`;
}

function superCall(batches, options) {
  const rest = options === undefined ? [] : ["components", options];
  if (batches.length === 1) return `    super(${[`[${batches[0]}]`, ...rest].join(", ")});\n`;
  const list = `[\n${batches.map((batch) => `        ${batch},\n`).join("")}      ]`;
  return `    super(\n${[list, ...rest].map((argument) => `      ${argument},\n`).join("")}    );\n`;
}
