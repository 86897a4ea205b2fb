/**
 * What a user may write for one instance (singular) and for one or many (plural), by the meaning of the component. How these
 * become Arrow values is decided in two places: `arrow/packed-values.ts` for forms, the `accept…` functions for meanings.
 */

/** Any array of numbers; a typed array of the component's own type is copied without a look at its elements. */
export type NumericArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

export type Numbers = number | readonly number[] | NumericArray;

/** 64 bits: numbers are exact up to 2^53, bigints always. */
export type Integer = number | bigint;
export type Integers = Integer | readonly Integer[] | NumericArray | BigInt64Array | BigUint64Array;

export type Booleans = boolean | readonly boolean[];
export type Texts = string | readonly string[];

/** `[x, y]`, a typed array of two, or an object with axes. */
export type Vec2 = readonly number[] | NumericArray | { readonly x: number; readonly y: number };
export type Vec3 = readonly number[] | NumericArray | { readonly x: number; readonly y: number; readonly z: number };
export type Vec4 =
  | readonly number[]
  | NumericArray
  | { readonly x: number; readonly y: number; readonly z: number; readonly w: number };

/** Many vectors; flat numbers are split, so `[1, 2, 3, 4]` are two Vec2. */
export type Vec2s = Vec2 | readonly Vec2[];
export type Vec3s = Vec3 | readonly Vec3[];
export type Vec4s = Vec4 | readonly Vec4[];

/** Flat numbers, or rows of them. */
export type Matrix = readonly number[] | NumericArray | readonly (readonly number[])[];
export type Matrices = Matrix | readonly Matrix[];

export type Bytes = Uint8Array | Uint8ClampedArray | ArrayBuffer;
