import { type LastSequence, MIN_MATCH, putSequence, sequenceBound } from "./lz4-block.ts";

/** A column inside of what is compressed: values of equal width, one behind the other. */
export interface FixedRows {
  /** Where it begins; a multiple of 4. */
  readonly at: number;
  /** Bytes of a value: 16 is an id, big endian, 8 a time, little endian. */
  readonly width: 8 | 16;
  readonly count: number;
}

/** A buffer that one large chunk made is not kept beyond this. */
const KEEP_BYTES = 4 << 20;
const FIRST_BYTES = 64 << 10;
let out = new Uint8Array(FIRST_BYTES);

/** Of a sequence of one literal and 15 bytes from 16 before: its token, and the distance behind the literal. */
const ONE_OF_ID = (1 << 4) | (15 - MIN_MATCH) | (16 << 16);

/**
 * Row ids and times as sequences of an LZ4 block: each value is what the one before it was, but for a few low bytes. General LZ4 looks for
 * that in a table of hashes and takes 29 ns for an id and 24 for a time; here the distance is known: 8 and 7 (10,000 rows, Node 20).
 *
 *   id    a a a b      literals: from the first byte that differs to the last, in the lowest word
 *   next  a a a c      match:    from there to the first byte that differs in the next one, 16 bytes back
 *
 * Where more differs, the value is literals as a whole.
 */
export class RowSequences {
  readonly #source: Uint8Array;
  readonly #words: Int32Array;
  readonly #view: DataView;
  #position: number;
  /** Where the literals begin in the source that are still to be written. */
  #from: number;

  /**
   * @param source what is compressed, of which `words` is another view.
   * @param head what stands in front of the first column, compressed.
   * @param length bytes of all columns.
   */
  constructor(source: Uint8Array, words: Int32Array, head: LastSequence, length: number) {
    const { before, literalsAt, literals } = head;
    const bound = before.length + sequenceBound(literals + length);
    if (out.length < bound || out.length > KEEP_BYTES) out = new Uint8Array(Math.max(bound, FIRST_BYTES));
    out.set(before);
    this.#view = new DataView(out.buffer);
    this.#source = source;
    this.#words = words;
    this.#position = before.length;
    this.#from = literalsAt;
  }

  /** The sequences so far, valid until others are begun. */
  get bytes(): Uint8Array {
    return out.subarray(0, this.#position);
  }

  /** Where the rest of the source begins, as whose literals the last bytes of the columns go if nothing is like them. */
  get restAt(): number {
    return this.#from;
  }

  add({ at, width, count }: FixedRows): void {
    const end = width === 16 ? this.#addIds(at, count) : this.#addTimes(at, count);
    const stop = at + width * count;
    if (stop - end >= MIN_MATCH) this.#put(end, width, stop);
  }

  /** Returns where the literals of the last id end. */
  #addIds(at: number, count: number): number {
    const words = this.#words;
    const view = this.#view;
    const stop = (at >> 2) + 4 * count;
    let from = this.#from;
    let position = this.#position;
    let end = at + 16;
    let row = at >> 2;
    let first = words[row] as number;
    let second = words[row + 1] as number;
    let third = words[row + 2] as number;
    let last = words[row + 3] as number;
    for (row += 4; row < stop; row += 4) {
      const nextFirst = words[row] as number;
      const nextSecond = words[row + 1] as number;
      const nextThird = words[row + 2] as number;
      const nextLast = words[row + 3] as number;
      const changed = last ^ nextLast;
      if (((first ^ nextFirst) | (second ^ nextSecond) | (third ^ nextThird)) !== 0) end = (row << 2) + 16;
      else if (changed !== 0) {
        const begin = (row << 2) + 12 + lowestByte(changed);
        if (begin - end === 15 && end - from === 1) {
          const literal = (last >>> ((from & 3) << 3)) & 0xff;
          view.setInt32(position, ONE_OF_ID | (literal << 8), true);
          position += 4;
          from = begin;
        } else if (begin - end >= MIN_MATCH) {
          this.#from = from;
          this.#position = position;
          this.#put(end, 16, begin);
          from = begin;
          position = this.#position;
        }
        end = (row << 2) + 13 + highestByte(changed);
      }
      first = nextFirst;
      second = nextSecond;
      third = nextThird;
      last = nextLast;
    }
    this.#from = from;
    this.#position = position;
    return end;
  }

  /** The same with 8 bytes, of which the low ones are the first. */
  #addTimes(at: number, count: number): number {
    const words = this.#words;
    const view = this.#view;
    const stop = (at >> 2) + 2 * count;
    let from = this.#from;
    let position = this.#position;
    let end = at + 8;
    let row = at >> 2;
    let low = words[row] as number;
    let high = words[row + 1] as number;
    for (row += 2; row < stop; row += 2) {
      const nextLow = words[row] as number;
      const nextHigh = words[row + 1] as number;
      const changed = low ^ nextLow;
      const begin = row << 2;
      if (high !== nextHigh) end = begin + 8;
      else if (changed !== 0) {
        const literals = end - from;
        const match = begin - end;
        if (literals <= 3 && match === 8 - literals) {
          view.setInt32(position, (literals << 4) | (match - MIN_MATCH) | (low << 8), true);
          view.setInt16(position + 1 + literals, 8, true);
          position += 3 + literals;
          from = begin;
        } else if (match >= MIN_MATCH) {
          this.#from = from;
          this.#position = position;
          this.#put(end, 8, begin);
          from = begin;
          position = this.#position;
        }
        end = begin + 1 + highestByte(changed);
      }
      low = nextLow;
      high = nextHigh;
    }
    this.#from = from;
    this.#position = position;
    return end;
  }

  /** The literals up to `end`, and what lies between there and `begin` from `distance` bytes back. */
  #put(end: number, distance: number, begin: number): void {
    this.#position = putSequence(out, this.#position, this.#source, this.#from, end, distance, begin - end);
    this.#from = begin;
  }
}

/** Of the bytes of a word that are not zero. */
function lowestByte(word: number): number {
  return (31 - Math.clz32(word & -word)) >> 3;
}

function highestByte(word: number): number {
  return 3 - (Math.clz32(word) >> 3);
}
