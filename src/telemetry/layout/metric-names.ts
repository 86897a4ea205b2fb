/** How values of a unit are drawn: the dashboard's plots are in ms and MB. */
export interface Scale {
  readonly factor: number;
  /** Shown behind the name; empty for plain counts. */
  readonly unit: string;
}

const MILLIS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1e3, min: 60e3, h: 3600e3 };
const MEGABYTES: Readonly<Record<string, number>> = {
  By: 1e-6,
  kBy: 1e-3,
  KiBy: 1024e-6,
  MBy: 1,
  MiBy: 1.048576,
  GBy: 1e3,
  GiBy: 1073.741824,
};

/** @param unit as OpenTelemetry writes it (UCUM); annotations like `{request}` are no unit. */
export function scaleOf(unit: string): Scale {
  const millis = MILLIS[unit];
  if (millis !== undefined) return { factor: millis, unit: "ms" };
  const megabytes = MEGABYTES[unit];
  if (megabytes !== undefined) return { factor: megabytes, unit: "MB" };
  return { factor: 1, unit: unit === "1" || /^\{.*\}$/.test(unit) ? "" : unit };
}

/** Groups that the dashboard has a plot for; each plot has one unit. */
const GROUPS: readonly (readonly [pattern: RegExp, unit: string | undefined, group: string])[] = [
  [/^http\./, undefined, "http"],
  [/^nodejs\.event_?loop\./, "ms", "nodejs/eventloop"],
  [/^(nodejs|v8js|process)\.(.+\.)?(memory|heap)\b/, "MB", "nodejs/memory"],
];

/** `/metrics/<group>`: metrics that are drawn together. */
export function groupOf(name: string, { unit }: Scale, isHistogram: boolean): string {
  if (isHistogram) return unit === "ms" ? "duration" : "distribution";
  for (const [pattern, needed, group] of GROUPS) {
    if (!pattern.test(name)) continue;
    // 0 … 1 beside milliseconds would be a line on the ground
    return needed === undefined || needed === unit ? group : `${group}_${unit === "" ? "ratio" : unit}`;
  }
  const [first = name, second] = name.split(".");
  return second === undefined ? first : `${first}/${second}`;
}
