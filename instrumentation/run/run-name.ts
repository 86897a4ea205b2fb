import { randomBytes } from "node:crypto";
import { slug } from "../../src/telemetry/layout/slug.ts";

/**
 *   20261123T101500Z-shop-4711.rrd                 the first process of a run
 *   20261123T101500Z-shop-4711.2.rrd               its second segment, when the first is full
 *   20261123T101500Z-shop-4711.4712-1f0c9a3b.rrd   a child of it
 *   20261123T101500Z-shop-4711.GET_users_id-0af76519.rrd    a recording of one request
 */
const FILE = /^(\d{8}T\d{6}Z-[\w.]+-\d+)(?:\.\w+-[0-9a-f]{8})?(?:\.\d+)?\.rrd$/;

/** Sorts by time, to the second in UTC; the process id tells apart what starts in the same second. */
export function runName(startedAt: Date, service: string, pid: number): string {
  const time = startedAt.toISOString().replace(/[-:]|\.\d+/g, "");
  return `${time}-${slug(service)}-${pid}`;
}

/** The run that a file belongs to; undefined for files that are not named as ours are. */
export function runOf(file: string): string | undefined {
  return FILE.exec(file)?.[1];
}

/** A name beside `path` for one more process. Random, since process ids repeat: in containers, and in threads of one process. */
export function besidePath(path: string, pid: number): string {
  return `${stemOf(path)}.${pid}-${randomBytes(4).toString("hex")}.rrd`;
}

/** A name beside `path` for a part of the run; `id` is hexadecimal, with or without dashes. */
export function partPath(path: string, name: string, id: string): string {
  return `${stemOf(path)}.${slug(name).replaceAll(".", "_")}-${id.replaceAll("-", "").slice(0, 8)}.rrd`;
}

/** Whether `file` is `own` or a segment that follows it (src/sinks/file/file-sink.ts). Both without folder. */
export function isSegmentOf(file: string, own: string): boolean {
  const stem = stemOf(own);
  return file === own || (file.startsWith(`${stem}.`) && /^\.\d+\.rrd$/.test(file.slice(stem.length)));
}

/** Whether `file` is that of another process or thread of the run of `own` (`besidePath`). Both without folder. */
export function isBeside(file: string, own: string): boolean {
  const stem = stemOf(own);
  return file.startsWith(`${stem}.`) && /^\.\d+-[0-9a-f]{8}(\.\d+)?\.rrd$/.test(file.slice(stem.length));
}

function stemOf(path: string): string {
  return path.replace(/\.rrd$/i, "");
}
