import { warnOnce } from "../warnings.ts";

const ON: ReadonlySet<string> = new Set(["1", "true", "on", "yes"]);
const OFF: ReadonlySet<string> = new Set(["0", "false", "off", "no"]);

/**
 * An on/off variable: 1, true, on, yes and 0, false, off, no in any case. Undefined when it is not set or empty; anything else
 * is warned about once and counts as not set (C03).
 */
export function environmentSwitch(name: string): boolean | undefined {
  const value = process.env[name];
  if (value === undefined || value === "") return undefined;
  const word = value.trim().toLowerCase();
  if (ON.has(word)) return true;
  if (OFF.has(word)) return false;
  warnOnce(`environment ${name}`, `${name}=${value} is neither on nor off; it is ignored. Use on or off`);
  return undefined;
}
