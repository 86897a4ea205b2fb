/** Version of the Rerun release whose format a file has; `meta` tells releases from candidates and development builds. */
export interface FormatVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly meta: number;
}

/**
 * What we stamp on files and stores. Readers warn about stamps newer than themselves, so it is the newest viewer on npm that
 * decides; all later ones take it in silence (rrd-format §0.4).
 */
export const WRITTEN_VERSION: FormatVersion = { major: 0, minor: 33, patch: 0, meta: 0 };

/** The four bytes of a stream header as the signed number of `StoreVersion` (§2.2). */
export function crateVersionBits({ major, minor, patch, meta }: FormatVersion): number {
  return major | (minor << 8) | (patch << 16) | (meta << 24);
}
