import { SpanKind } from "../model.ts";

/** 0xRRGGBBAA. Red is for what failed itself, never for its parents. */
export const ERROR_COLOUR = 0xe53935ff;
export const UNFINISHED_COLOUR = 0x9e9e9eff;

const KINDS: Readonly<Record<SpanKind, number>> = {
  [SpanKind.server]: 0x1e88e5ff,
  [SpanKind.client]: 0xfb8c00ff,
  [SpanKind.internal]: 0x43a047ff,
  [SpanKind.producer]: 0x8e24aaff,
  [SpanKind.consumer]: 0x00897bff,
};

/** Of services and of routes, by order of first appearance. */
const PALETTE = [
  0x1e88e5ff, 0x8e24aaff, 0x00897bff, 0x6d4c41ff, 0x3949abff, 0x7cb342ff, 0x546e7aff, 0x00acc1ff,
] as const;

export function kindColour(kind: SpanKind): number {
  return KINDS[kind];
}

export function paletteColour(index: number): number {
  return PALETTE[index % PALETTE.length] as number;
}

/** Of a span among several services: entry spans full, calls out 25 % lighter, the rest 45 %. */
export function serviceColour(service: number, kind: SpanKind, isEntry: boolean): number {
  const isCall = kind === SpanKind.client || kind === SpanKind.producer;
  return lighten(paletteColour(service), isEntry ? 0 : isCall ? 0.25 : 0.45);
}

function lighten(colour: number, by: number): number {
  let light = 0;
  for (const shift of [24, 16, 8]) {
    const channel = (colour >>> shift) & 255;
    light = light * 256 + Math.round(channel + (255 - channel) * by);
  }
  return light * 256 + 255;
}
