import { RerunError } from "../errors.ts";

interface Box {
  readonly type: string;
  /** Of the contents. */
  readonly from: number;
  readonly to: number;
}

interface Track {
  readonly id: number;
  /** Units a second. */
  readonly timescale: bigint;
  readonly sampleTable: Box | undefined;
}

/**
 * When each frame of an MP4 is shown, in nanoseconds, ascending. By ISO/IEC 14496-12: the sample table of a plain file (`stts`, `ctts`),
 * the runs of a fragmented one (`moof`, `trun`). As in the official SDK, whose values these are, a plain file begins at 0, fragments are
 * where they say, and edit lists do not count.
 *
 * @throws RerunError ERR_RERUN_FORMAT if it is no MP4, or holds no video
 */
export function mp4FrameTimes(bytes: Uint8Array): BigInt64Array {
  const file = new Mp4(bytes);
  const movie = file.child(file.whole, "moov");
  if (movie === undefined) throw noVideo("it has no `moov` box");
  const track = file.videoTrack(movie);
  if (track === undefined) throw noVideo("it has no video track");
  const table = BigInt64Array.from(track.sampleTable ? file.tableTimes(track.sampleTable) : []).sort();
  const first = table[0] ?? 0n;
  const times = [...table.map((time) => time - first), ...file.runTimes(movie, track.id)];
  return BigInt64Array.from(times, (time) => (time * 1_000_000_000n) / track.timescale).sort();
}

class Mp4 {
  readonly whole: Box;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #samplesSeen = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.whole = { type: "", from: 0, to: bytes.length };
  }

  videoTrack(movie: Box): Track | undefined {
    for (const track of this.#children(movie, "trak")) {
      const media = this.child(track, "mdia");
      const handler = media && this.child(media, "hdlr");
      if (media === undefined || handler === undefined || this.#text(handler.from + 8) !== "vide") continue;
      const clock = this.#needed(media, "mdhd");
      const timescale = this.#u32(clock.from + (this.#bytes[clock.from] === 1 ? 20 : 12), clock);
      if (timescale === 0) throw noVideo("the clock of its video stands still");
      const header = this.#needed(track, "tkhd");
      const info = this.child(media, "minf");
      return {
        id: this.#u32(header.from + (this.#bytes[header.from] === 1 ? 20 : 12), header),
        timescale: BigInt(timescale),
        sampleTable: info && this.child(info, "stbl"),
      };
    }
    return undefined;
  }

  /** Durations add up to decode times; composition offsets make display times of them. */
  *tableTimes(table: Box): Generator<bigint> {
    const durations = this.child(table, "stts");
    if (durations === undefined) return;
    const shifts = this.#offsets(this.child(table, "ctts"));
    let time = 0n;
    for (const [count, duration] of this.#pairs(durations)) {
      for (let i = 0; i < count; i++) {
        this.#count();
        yield time + BigInt(shifts.next().value ?? 0);
        time += BigInt(duration);
      }
    }
  }

  /** Of all fragments of a track. */
  *runTimes(movie: Box, trackId: number): Generator<bigint> {
    const extension = this.child(movie, "mvex");
    const defaults =
      extension && this.#children(extension, "trex").find((box) => this.#u32(box.from + 4, box) === trackId);
    let time = 0n;
    for (const fragment of this.#children(this.whole, "moof")) {
      for (const part of this.#children(fragment, "traf")) {
        const header = this.#needed(part, "tfhd");
        if (this.#u32(header.from + 4, header) !== trackId) continue;
        const start = this.child(part, "tfdt");
        if (start) {
          const isLong = this.#bytes[start.from] === 1;
          time = isLong ? this.#u64(start.from + 4, start) : BigInt(this.#u32(start.from + 4, start));
        }
        const duration = this.#defaultDuration(header) ?? (defaults && this.#u32(defaults.from + 12, defaults)) ?? 0;
        for (const run of this.#children(part, "trun")) {
          for (const [length, shift] of this.#samples(run, duration)) {
            yield time + BigInt(shift);
            time += BigInt(length);
          }
        }
      }
    }
  }

  child(parent: Box, type: string): Box | undefined {
    return this.#children(parent, type)[0];
  }

  #needed(parent: Box, type: string): Box {
    const box = this.child(parent, type);
    if (box === undefined) throw noVideo(`a \`${type}\` box is missing`);
    return box;
  }

  #children(parent: Box, type: string): Box[] {
    const found: Box[] = [];
    for (let at = parent.from; at + 8 <= parent.to; ) {
      const short = this.#view.getUint32(at);
      const size = short === 1 ? Number(this.#u64(at + 8, parent)) : short === 0 ? parent.to - at : short;
      const from = at + (short === 1 ? 16 : 8);
      if (size < from - at || at + size > parent.to) {
        if (parent !== this.whole) throw noVideo(`a box in it ends outside of its \`${parent.type}\``);
        break; // a file that was cut: what is whole counts
      }
      if (this.#text(at + 4) === type) found.push({ type, from, to: at + size });
      at += size;
    }
    return found;
  }

  /** A count, then so many pairs of a number of samples and what they have in common. */
  *#pairs(box: Box): Generator<[number, number]> {
    const entries = this.#u32(box.from + 4, box);
    for (let i = 0; i < entries; i++) {
      const at = box.from + 8 + 8 * i;
      yield [this.#u32(at, box), this.#u32(at + 4, box)];
    }
  }

  *#offsets(box: Box | undefined): Generator<number> {
    if (box === undefined) return;
    for (const [count, offset] of this.#pairs(box)) for (let i = 0; i < count; i++) yield offset | 0;
  }

  #defaultDuration(header: Box): number | undefined {
    const flags = this.#u32(header.from, header) & 0xffffff;
    if ((flags & 0x08) === 0) return undefined;
    return this.#u32(header.from + 8 + (flags & 0x01 ? 8 : 0) + (flags & 0x02 ? 4 : 0), header);
  }

  /** Duration and offset of each sample; the flags say which columns there are. */
  *#samples(run: Box, duration: number): Generator<[number, number]> {
    const flags = this.#u32(run.from, run) & 0xffffff;
    const count = this.#u32(run.from + 4, run);
    const has = (flag: number): number => (flags & flag ? 4 : 0);
    let at = run.from + 8 + has(0x01) + has(0x04);
    for (let i = 0; i < count; i++) {
      this.#count();
      const length = has(0x100) ? this.#u32(at, run) : duration;
      at += has(0x100) + has(0x200) + has(0x400);
      const shift = has(0x800) ? this.#u32(at, run) | 0 : 0;
      at += has(0x800);
      if (at > run.to) throw noVideo("a run of samples ends too early");
      yield [length, shift];
    }
  }

  /** A frame takes a byte at least: a table that says there are more lies (I8). */
  #count(): void {
    this.#samplesSeen += 1;
    if (this.#samplesSeen > this.#bytes.length) throw noVideo("it says that it has more frames than bytes");
  }

  #u32(at: number, inside: Box): number {
    if (at + 4 > inside.to) throw noVideo(`its \`${inside.type}\` box is too short`);
    return this.#view.getUint32(at);
  }

  #u64(at: number, inside: Box): bigint {
    if (at + 8 > inside.to) throw noVideo(`its \`${inside.type}\` box is too short`);
    return this.#view.getBigUint64(at);
  }

  #text(at: number): string {
    return String.fromCharCode(...this.#bytes.subarray(at, at + 4));
  }
}

function noVideo(why: string): RerunError {
  return new RerunError("ERR_RERUN_FORMAT", `the frames of this video cannot be told apart: ${why}; an MP4 is needed`);
}
