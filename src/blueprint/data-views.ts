import { TimeAxis, type TimeAxisFields } from "./generated/time-axis.ts";
import { View } from "./view.ts";

/** Entity paths, each with the archetypes of its rows; "" for components that belong to none. */
export type EntityArchetypes = Iterable<readonly [entityPath: string, archetypes: ReadonlySet<string>]>;

/** A view of data that is not the telemetry of the dashboards. Plain data, so that two layouts can be compared. */
export interface LoggedView {
  /** Rerun's name of the kind of view. */
  readonly kind: string;
  readonly name: string;
  readonly origin: string;
  readonly contents: readonly string[];
}

interface Entity {
  readonly path: string;
  /** `/first`, the part of the recording that it belongs to. */
  readonly part: string;
  readonly kinds: ReadonlySet<string>;
  readonly images: ReadonlySet<number>;
}

/** Without a range, viewers from 0.41 on show ±30 s around the cursor. */
export const WHOLE_TIMELINE: TimeAxisFields = { viewRange: { start: "Infinite", end: "Infinite" } };

/** What the dashboards have views of. */
const TELEMETRY = new Set(
  ["flame", "graph", "histogram", "latency", "logs", "requests", "spans", "summary", "trace"].map((name) => `/${name}`),
);
/** Below `/metrics`: what every process has. */
const RUNTIME = new Set(["duration", "http", "nodejs", "process", "v8js"]);

/** Two images of one of these hide one another in a view. */
const IMAGES = [
  ["Image", "EncodedImage", "VideoStream", "VideoFrameReference"],
  ["DepthImage", "EncodedDepthImage"],
  ["SegmentationImage"],
];

/** What each archetype is looked at in. A map is not among them: viewers ask a server for it. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  "3D": [
    ...["Arrows3D", "Asset3D", "Boxes3D", "Capsules3D", "Cylinders3D", "Ellipsoids3D", "GaussianSplats3D", "GridMap"],
    ...["LineStrips3D", "Mesh3D", "Points3D", "TransformAxes3D", "Volume3D", "VoxelGridMap"],
  ],
  "2D": [...IMAGES.flat(), "Arrows2D", "Boxes2D", "Ellipses2D", "LineStrips2D", "Points2D"],
  TimeSeries: ["Scalars"],
  StateTimeline: ["StateChange"],
  TextLog: ["TextLog"],
  TextDocument: ["TextDocument"],
  BarChart: ["BarChart"],
  Tensor: ["Tensor"],
  Graph: ["GraphEdges", "GraphNodes"],
  Dataframe: ["GeoLineStrings", "GeoPoints"],
};
const KIND_OF = new Map(
  Object.entries(KINDS).flatMap(([kind, names]) => names.map((name) => [`rerun.archetypes.${name}`, kind])),
);

const OVER_TIME = new Set(["TimeSeries", "StateTimeline"]);
/** These show what is true at the cursor, and nothing before its first row. */
const AT_CURSOR = new Set(["3D", "2D", "TextDocument", "BarChart", "Tensor", "Graph"]);

/** Views of a kind; a dashboard of more is none. */
const MAX_VIEWS = 6;
/** Rules of a view. */
const MAX_PARTS = 32;

/**
 * Views for what an application logs by hand, and for metrics of its own, arranged as viewers do it: one of all that is 3D, one for each image
 * with what is drawn on it, one for the numbers below each first part of their paths. None without such data.
 *
 * @param instances slugs of the processes that share the recording, which their metrics are below.
 */
export function dataViews(entities: EntityArchetypes, instances: readonly string[] = []): readonly LoggedView[] {
  const all = [...entities].flatMap(([path, archetypes]) => entityOf(path, archetypes, instances));
  const of = (kind: string): readonly Entity[] => all.filter(({ kinds }) => kinds.has(kind));
  return [
    ...oneOf("3D", "3D", of("3D")),
    ...pictures(of("2D")),
    ...plots(of("TimeSeries")),
    ...oneOf("StateTimeline", "States", of("StateTimeline")),
    ...["TextDocument", "BarChart", "Tensor", "Graph"].flatMap((kind) => eachOf(kind, of(kind))),
    ...oneOf("TextLog", "Text", of("TextLog")),
    ...oneOf("Dataframe", "Other values", of("Dataframe")),
  ];
}

/** Whether one of the views is empty at the beginning of the recording. */
export function dependsOnCursor(views: readonly LoggedView[]): boolean {
  return views.some(({ kind }) => AT_CURSOR.has(kind));
}

export function viewOf({ kind, ...options }: LoggedView): View {
  return new View(kind, {
    ...options,
    ...(OVER_TIME.has(kind) && { properties: { TimeAxis: new TimeAxis(WHOLE_TIMELINE) } }),
  });
}

function entityOf(path: string, archetypes: ReadonlySet<string>, instances: readonly string[]): readonly Entity[] {
  const part = partOf(path, instances);
  if (part === undefined) return [];
  const kinds = new Set<string>();
  for (const archetype of archetypes) {
    const kind = KIND_OF.get(archetype) ?? (archetype.startsWith("rerun.") ? undefined : "Dataframe");
    if (kind !== undefined) kinds.add(kind);
  }
  const images = IMAGES.flatMap((names, i) =>
    names.some((name) => archetypes.has(`rerun.archetypes.${name}`)) ? [i] : [],
  );
  return [{ path, part, kinds, images: new Set(images) }];
}

/** Undefined: telemetry that the dashboards show, and what the recorder says of itself. */
function partOf(path: string, instances: readonly string[]): string | undefined {
  const names = namesOf(path);
  const [first = "", second = ""] = names;
  if (first.startsWith("__")) return undefined;
  if (first !== "metrics") return TELEMETRY.has(`/${first}`) ? undefined : `/${first}`;
  const depth = instances.includes(second) ? 3 : 2;
  const group = names[depth - 1];
  return group === undefined || RUNTIME.has(group) ? undefined : pathOf(names.slice(0, depth));
}

/** One view for all of them. */
function oneOf(kind: string, name: string, entities: readonly Entity[]): LoggedView[] {
  return entities.length === 0 ? [] : [{ kind, name, origin: "/", contents: rules(entities) }];
}

/** One for each entity. */
function eachOf(kind: string, entities: readonly Entity[]): LoggedView[] {
  return entities
    .slice(0, MAX_VIEWS)
    .map(({ path }) => ({ kind, name: path.slice(1), origin: path, contents: ["+ $origin"] }));
}

/** One for each part; numbers at the root are drawn together. */
function plots(entities: readonly Entity[]): LoggedView[] {
  const atRoot = entities.filter(({ path, part }) => path === part && !part.startsWith("/metrics/"));
  const groups = groupBy(
    entities.filter((entity) => !atRoot.includes(entity)),
    ({ part }) => part,
  );
  const views = [...groups].map(([part, inside]): LoggedView => {
    const name = part.replace(/^\/(metrics\/)?/, "");
    return { kind: "TimeSeries", name, origin: part, contents: rules(inside) };
  });
  if (atRoot.length > 0) views.unshift(...oneOf("TimeSeries", "Numbers", atRoot));
  return views.length > MAX_VIEWS ? oneOf("TimeSeries", "Numbers", entities) : views;
}

function pictures(entities: readonly Entity[]): LoggedView[] {
  return split(entities, 0)
    .slice(0, MAX_VIEWS)
    .map((inside) => {
      const origin = ancestorOf(inside);
      const contents = origin === "/" ? rules(inside) : ["+ $origin/**"];
      return { kind: "2D", name: origin === "/" ? "2D" : origin.slice(1), origin, contents };
    });
}

/** Until there is at most one image of a kind in each; `depth` names of their paths are the same. */
function split(entities: readonly Entity[], depth: number): (readonly Entity[])[] {
  const isCrowded = IMAGES.some((_, i) => entities.filter(({ images }) => images.has(i)).length > 1);
  if (!isCrowded) return entities.length === 0 ? [] : [entities];
  return [...groupBy(entities, ({ path }) => namesOf(path)[depth] ?? "").values()].flatMap((inside) =>
    split(inside, depth + 1),
  );
}

function ancestorOf(entities: readonly Entity[]): string {
  const [first = [], ...others] = entities.map(({ path }) => namesOf(path));
  const differs = first.findIndex((name, at) => others.some((names) => names[at] !== name));
  return pathOf(differs < 0 ? first : first.slice(0, differs));
}

/** Whole parts, so that an entity more changes nothing. */
function rules(entities: readonly Entity[]): readonly string[] {
  const parts = new Set(entities.map(({ part }) => part));
  if (parts.size <= MAX_PARTS) return [...parts].map((part) => (part === "/" ? "+ /" : `+ ${part}/**`));
  return ["+ /**", ...[...TELEMETRY, "/metrics"].map((root) => `- ${root}/**`)];
}

/** A slash that belongs to a name has a backslash before it. */
function namesOf(path: string): readonly string[] {
  return path.split(/(?<!\\)\//).slice(1);
}

function pathOf(names: readonly string[]): string {
  return `/${names.join("/")}`;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}
