const f64 = new Float64Array(1);
const u32 = new Uint32Array(f64.buffer);

/** Bits of the IEEE 754 half-precision number nearest to `value`, ties to even. Node 20 has no `Float16Array`. */
export function halfBits(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  f64[0] = value;
  const high = u32[1] as number;
  const sign = (high >>> 16) & 0x8000;
  const magnitude = Math.abs(value);
  // halfway between the largest number (65504) and the next that would be
  if (magnitude >= 65520) return sign | 0x7c00;
  if (magnitude < 2 ** -14) return sign | roundToEven(magnitude * 2 ** 24);
  const exponent = ((high >>> 20) & 0x7ff) - 1023;
  const mantissa = roundToEven((magnitude / 2 ** exponent) * 1024);
  // added, not or-ed: a mantissa that was rounded up to 2048 carries into the exponent
  return sign | (((exponent + 15) << 10) + (mantissa - 1024));
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
