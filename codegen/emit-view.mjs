/** Templates of the views of a blueprint, and of the table of visualizers. */
import * as descriptions from "./descriptions/views.mjs";
import { docBlock, HEADER } from "./emit.mjs";
import { camelCase, kebabCase, shortName } from "./types.mjs";

/** The field of a property that may be given alone: `zoom: 12` for `zoom: { zoom: 12 }`. */
const MAIN_FIELDS = {
  AudioPlayback: "volume",
  GraphBackground: "color",
  LineGrid3D: "visible",
  MapBackground: "provider",
  MapZoom: "zoom",
  PlotBackground: "color",
  PlotLegend: "corner",
  ScalarAxis: "range",
  TensorViewFit: "scaling",
  TextLogRows: "filterByLogLevel",
  VisibleTimeRanges: "ranges",
  VisualBounds2D: "range",
};

/** Properties with forms of their own: [type, function that makes the fields, module below src/blueprint]. */
const BY_HAND = { Background: ["BackgroundInput", "backgroundFields", "background"] };

/** `Spatial2DView` → `spatial2d-view` */
export function viewModule({ sdkClass }) {
  return `${kebabCase(sdkClass.replace(/View$/, ""))}-view`;
}

/** @param view of types.json */
export function viewFile(view, imports) {
  const { sdkClass, classIdentifier, visualizers } = view;
  const properties = view.properties.map((property) => propertyOf(sdkClass, property, imports));
  imports.value("blueprint/view", "View");
  imports.type("blueprint/view", "ViewOptions");
  imports.type("blueprint/view-property", "ViewPropertySpecs");

  const doc = [descriptions.views[sdkClass].about];
  if (visualizers.length > 0) doc.push("", `Visualizers: ${wrap(visualizers.map((name) => `\`${name}\``))}.`);
  const body = `
/** What a ${sdkClass} can be told. */
export interface ${sdkClass}Options extends ViewOptions {
${properties.map(({ option, type, about }) => `  /** ${about}. */\n  readonly ${option}?: ${type};\n`).join("")}}

const PROPERTIES: ViewPropertySpecs = {
${properties.map(({ option, spec }) => `  ${option}: ${spec},\n`).join("")}};

${docBlock(doc.flatMap((text) => text.split("\n")))}export class ${sdkClass} extends View {
  constructor(options: ${sdkClass}Options = {}) {
    super("${classIdentifier}", options, PROPERTIES);
  }
}
`;
  return HEADER + imports.text(body) + body;
}

function propertyOf(sdkClass, { param, archetype }, imports) {
  const name = shortName(archetype);
  const about = descriptions.views[sdkClass].options[param] ?? descriptions.options[param];
  if (about === undefined) throw new Error(`descriptions/views.mjs says nothing of ${param} of ${sdkClass}`);
  imports.value(`blueprint/generated/${kebabCase(name)}`, name);
  const option = camelCase(param);
  if (BY_HAND[name]) {
    const [type, main, module] = BY_HAND[name];
    imports.type(`blueprint/${module}`, type);
    imports.value(`blueprint/${module}`, main);
    return { option, about, type, spec: `{ archetype: ${name}, main: ${main} }` };
  }
  imports.type(`blueprint/generated/${kebabCase(name)}`, `${name}Fields`);
  imports.type("blueprint/view-property", "Property");
  const main = MAIN_FIELDS[name];
  if (main === undefined) return { option, about, type: `Property<${name}Fields>`, spec: `{ archetype: ${name} }` };
  const type = `Property<${name}Fields, "${main}">`;
  return { option, about, type, spec: `{ archetype: ${name}, main: "${main}" }` };
}

/** A list as lines of a docstring. */
function wrap(words) {
  const lines = [""];
  for (const word of words.map((text, i) => (i < words.length - 1 ? `${text}, ` : text))) {
    if (`${lines.at(-1)}${word}`.length > 100) lines.push("");
    lines[lines.length - 1] += word;
  }
  return lines.map((line) => line.trimEnd()).join("\n");
}

/** Names of all visualizers, and which one draws an archetype. */
export function visualizersFile(source) {
  const names = Object.keys(source.visualizers).sort();
  const drawn = source.archetypes.filter(({ visualizer }) => visualizer !== null && visualizer !== undefined);
  return `${HEADER}
/** Visualizers of Rerun ${source.rerunVersion}. */
export type VisualizerType =
${names.map((name) => `  | "${name}"\n`).join("")};

/** The visualizer that draws an archetype, by its short name. */
export const VISUALIZER_OF: Readonly<Record<string, VisualizerType>> = {
${drawn.map(({ shortName: name, visualizer }) => `  ${name}: "${visualizer}",\n`).join("")}};
`.replace("\n;\n", ";\n");
}
