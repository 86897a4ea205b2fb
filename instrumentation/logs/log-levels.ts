/** Severity as OpenTelemetry's logs data model counts it. */
export interface Severity {
  readonly severityNumber: number;
  readonly severityText: string;
}

/** Names of levels of pino, of winston's npm, cli and syslog sets, and what else is common, with the numbers that OTel gives them. */
const NUMBERS: Readonly<Record<string, number>> = {
  silly: 1,
  trace: 1,
  input: 2,
  verbose: 6,
  http: 7,
  prompt: 6,
  debug: 5,
  data: 9,
  help: 9,
  info: 9,
  notice: 10,
  warn: 13,
  warning: 13,
  error: 17,
  crit: 21,
  critical: 21,
  fatal: 21,
  alert: 22,
  emerg: 23,
};

/** A level by its name; one that the application made up keeps its name and counts as info. */
export function severityOfName(name: string): Severity {
  return { severityNumber: NUMBERS[name.toLowerCase()] ?? 9, severityText: name.toUpperCase() };
}

/** The lowest number of each of pino's levels; what lies between belongs to the one below. */
const PINO = [
  [60, 21, "FATAL"],
  [50, 17, "ERROR"],
  [40, 13, "WARN"],
  [30, 9, "INFO"],
  [20, 5, "DEBUG"],
] as const;

export function severityOfPino(level: number): Severity {
  for (const [from, severityNumber, severityText] of PINO) if (level >= from) return { severityNumber, severityText };
  return { severityNumber: 1, severityText: "TRACE" };
}
