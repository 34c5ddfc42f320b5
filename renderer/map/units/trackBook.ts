import { createTexelTable } from '../gl/texelTable.ts';
import type { TexelTable } from '../gl/texelTable.ts';

/**
 * Heads and trails as the vertex shader reads them (shaders/units.ts), and the same rules on the CPU for picking and labels.
 *
 * A head is one slot of 8 texels: [kind+status+colour+flags, newest, count, 0], [0...], then six past fixes [x, y, altitude and heading, time].
 * A trail is two texels a segment in an append-only ring: [x, y, z, colour and duration], [x, y, z, end time].
 * A fix writes one texel of its slot and one segment; nothing is allocated for it.
 */
export const HISTORY = 6;
export const SLOT_TEXELS = 8;
const SLOT_FLOATS = SLOT_TEXELS * 4;
const SEGMENT_TEXELS = 2;
/** Times are seconds modulo this, so that a 32-bit float keeps them to half a millisecond. */
export const WRAP_S = 4096;
/** A clock that runs faster than this is drawn in leaps: the spans below, stretched any further, would not fit into the wrapped clock. */
const LARGEST_PACE = 100;
/** A silence longer than this is not bridged: nobody knows where the unit went. Real seconds, as is the next. */
export const LONGEST_GAP_S = 10;
/** How far a head runs on beyond its newest fix. */
export const LONGEST_EXTRAPOLATION_S = 1.5;
export const TRAIL_S = 60;
/** Older than the newest by more than this is another run of the clock, not a late fix. */
const RESTART_S = 120;
/**
 * Silence after which a fix is pinned as old. The 32-bit clock tells ages below half of `WRAP_S` only: later than that, a signal lost long ago
 * would read as one that lies ahead.
 */
const LONGEST_SILENCE_S = 900;
/** Slots looked at for that in each frame: 20,000 take 21 s at 60 frames a second. */
const LOOKED_AT_PER_FRAME = 16;
/** Trail segments kept for each head: 60 s at 1 Hz and some to spare. */
const SEGMENTS_PER_HEAD = 64;
/** A unit that stands still writes no trail. */
const SHORTEST_SEGMENT_M = 0.4;

export const FLAG_SELECTED = 1;
export const FLAG_HIDDEN = 2;
export const FLAG_OFFLINE = 4;

export interface HeadStyle {
  /** 0 vehicle, 1 officer, 2 drone, 3 boat. */
  kind: number;
  /** 0 available, 1 dispatched, 2 on scene, 3 emergency. */
  status: number;
  /** Index into the palette, 0..31. */
  colour: number;
  flags: number;
}
export interface HeadPosition {
  x: number;
  y: number;
  z: number;
  headingRad: number;
  /** Seconds since the newest fix; negative while it lies ahead of the drawn moment. */
  ageS: number;
}

export interface TrackBook {
  /** Server seconds in a real one, 1 to 100: fixes come about once a real second, so that is how spans between them are judged. */
  pace: number;
  readonly slots: TexelTable;
  readonly segments: TexelTable;
  /** One more than the highest slot in use. */
  readonly slotCount: number;
  readonly heads: number;
  /** Live segments: `first` is the oldest; they wrap at the capacity of `segments`. */
  readonly trail: { readonly first: number; readonly count: number };
  readonly outOfOrder: number;
  /** Changes when the tables were replaced by bigger ones. */
  readonly generation: number;
  slotOf(unitId: string): number | undefined;
  setHead(unitId: string, style: HeadStyle): void;
  removeHead(unitId: string): void;
  unitIds(): IterableIterator<string>;
  /** @returns false when the fix is not newer than the newest. */
  addFix(unitId: string, x: number, y: number, altM: number, headingRad: number, observedAtMs: number): boolean;
  newestMs(unitId: string): number | null;
  positionAt(unitId: string, renderMs: number, out: HeadPosition): boolean;
  styleOf(unitId: string): HeadStyle | undefined;
  /** Drops segments that ended before the trail, amortised over the fixes that made them, and pins what has been silent for long. */
  expire(renderMs: number): void;
  /** Forgets every fix and trail, and keeps the heads: the times of another journal cannot be compared with these. */
  forget(): void;
}

/** Altitude in decimetres (0..1638 m) and heading in 1/1024 turns share one exact float. */
export const packAltHeading = (altM: number, headingRad: number): number => {
  const turns = headingRad / (2 * Math.PI);
  const heading = Math.floor((turns - Math.floor(turns)) * 1024) % 1024;
  return Math.min(16383, Math.max(0, Math.round(altM * 10))) * 1024 + heading;
};

const wrapSeconds = (ms: number): number => {
  const s = ms / 1000;
  return s - WRAP_S * Math.floor(s / WRAP_S);
};

export function createTrackBook(initialHeads = 512, mostHeads = 20_000): TrackBook {
  const slotByUnit = new Map<string, number>();
  const styles = new Map<string, HeadStyle>();
  const free: number[] = [];
  let slots = createTexelTable(initialHeads, SLOT_TEXELS);
  let segments = createTexelTable(initialHeads * SEGMENTS_PER_HEAD, SEGMENT_TEXELS);
  let newestAt = new Float64Array(slots.capacity);
  let endedAt = new Float64Array(segments.capacity);
  let slotCount = 0;
  let next = 0;
  let first = 0;
  let count = 0;
  let outOfOrder = 0;
  let generation = 0;
  let lookedAt = 0;
  let pace = 1;

  const pack = (s: HeadStyle) => s.kind + s.status * 4 + s.colour * 32 + s.flags * 1024;
  const base = (slot: number) => slot * SLOT_FLOATS;

  function grow(): void {
    const bigger = createTexelTable(Math.min(mostHeads, slots.capacity * 2), SLOT_TEXELS);
    bigger.data.set(slots.data.subarray(0, Math.min(slots.data.length, bigger.data.length)));
    const ring = createTexelTable(bigger.capacity * SEGMENTS_PER_HEAD, SEGMENT_TEXELS);
    const ends = new Float64Array(ring.capacity);
    for (let i = 0; i < count; i++) {
      const from = (first + i) % segments.capacity;
      ring.data.set(segments.data.subarray(from * 8, from * 8 + 8), i * 8);
      ends[i] = endedAt[from]!;
    }
    const times = new Float64Array(bigger.capacity);
    times.set(newestAt.subarray(0, Math.min(newestAt.length, times.length)));
    slots.detach();
    segments.detach();
    slots = bigger;
    segments = ring;
    newestAt = times;
    endedAt = ends;
    first = 0;
    next = count % ring.capacity;
    generation++;
  }

  function clearHistory(slot: number): void {
    slots.data[base(slot) + 1] = 0;
    slots.data[base(slot) + 2] = 0;
    newestAt[slot] = 0;
    slots.touch(slot, slot + 1);
  }

  /** Draws a silent unit at its newest fix, as one whose signal is gone, whatever the wrapped clock says. The next fix undoes it. */
  function pinSilent(renderMs: number): void {
    for (let n = Math.min(LOOKED_AT_PER_FRAME, slotCount); n > 0; n--) {
      lookedAt = (lookedAt + 1) % slotCount;
      const silentS = (renderMs - newestAt[lookedAt]!) / 1000;
      if (newestAt[lookedAt] === 0 || silentS < LONGEST_SILENCE_S) continue;
      const o = base(lookedAt);
      slots.data[o + 2] = 1;
      slots.data[o] = slots.data[o]! + (Math.floor(slots.data[o]! / (FLAG_OFFLINE * 1024)) % 2 === 0 ? FLAG_OFFLINE * 1024 : 0);
      slots.touch(lookedAt, lookedAt + 1);
    }
  }

  function pushSegment(prev: number, here: number, durationS: number, colour: number, endMs: number): void {
    const d = slots.data;
    const r = next * 8;
    const s = segments.data;
    const alt = (packed: number) => Math.floor(packed / 1024) / 10;
    s[r] = d[prev]!;
    s[r + 1] = d[prev + 1]!;
    s[r + 2] = alt(d[prev + 2]!);
    s[r + 3] = (colour + 1) * 65536 + Math.min(65535, Math.round(durationS * 1000));
    s[r + 4] = d[here]!;
    s[r + 5] = d[here + 1]!;
    s[r + 6] = alt(d[here + 2]!);
    s[r + 7] = d[here + 3]!;
    endedAt[next] = endMs;
    segments.touch(next, next + 1);
    next = (next + 1) % segments.capacity;
    if (count < segments.capacity) count++;
    else first = next;
  }

  return {
    get pace() {
      return pace;
    },
    set pace(rate) {
      pace = Math.min(LARGEST_PACE, Math.max(1, rate));
    },
    get slots() {
      return slots;
    },
    get segments() {
      return segments;
    },
    get slotCount() {
      return slotCount;
    },
    get heads() {
      return slotByUnit.size;
    },
    trail: {
      get first() {
        return first;
      },
      get count() {
        return count;
      },
    },
    get outOfOrder() {
      return outOfOrder;
    },
    get generation() {
      return generation;
    },
    slotOf: (unitId) => slotByUnit.get(unitId),
    unitIds: () => slotByUnit.keys(),
    styleOf: (unitId) => styles.get(unitId),
    setHead(unitId, style) {
      let slot = slotByUnit.get(unitId);
      if (slot === undefined) {
        if (slotByUnit.size >= mostHeads) return;
        slot = free.pop() ?? slotCount;
        if (slot >= slots.capacity) grow();
        if (slot >= slotCount) slotCount = slot + 1;
        slotByUnit.set(unitId, slot);
        clearHistory(slot);
      }
      styles.set(unitId, style);
      slots.data[base(slot)] = pack(style);
      slots.touch(slot, slot + 1);
    },
    removeHead(unitId) {
      const slot = slotByUnit.get(unitId);
      if (slot === undefined) return;
      slotByUnit.delete(unitId);
      styles.delete(unitId);
      clearHistory(slot);
      free.push(slot);
    },
    newestMs(unitId) {
      const slot = slotByUnit.get(unitId);
      return slot === undefined || newestAt[slot] === 0 ? null : newestAt[slot]!;
    },
    addFix(unitId, x, y, altM, headingRad, observedAtMs) {
      const slot = slotByUnit.get(unitId);
      const style = styles.get(unitId);
      if (slot === undefined || !style) return false;
      const before = newestAt[slot]!;
      if (before !== 0 && observedAtMs <= before) {
        if (before - observedAtMs < RESTART_S * 1000) {
          outOfOrder++;
          return false;
        }
        clearHistory(slot);
      }
      const d = slots.data;
      const o = base(slot);
      const had = d[o + 2]!;
      const newest = had === 0 ? 0 : (d[o + 1]! + 1) % HISTORY;
      const here = o + 8 + newest * 4;
      const prev = o + 8 + ((newest + HISTORY - 1) % HISTORY) * 4;
      d[o] = pack(style);
      d[here] = x;
      d[here + 1] = y;
      d[here + 2] = packAltHeading(altM, headingRad);
      d[here + 3] = wrapSeconds(observedAtMs);
      d[o + 1] = newest;
      d[o + 2] = Math.min(HISTORY, had + 1);
      newestAt[slot] = observedAtMs;
      slots.touch(slot, slot + 1);
      const durationS = (observedAtMs - before) / 1000;
      const hidden = (style.flags & FLAG_HIDDEN) !== 0;
      if (had > 0 && !hidden && durationS <= LONGEST_GAP_S * pace && Math.hypot(d[prev]! - x, d[prev + 1]! - y) >= SHORTEST_SEGMENT_M)
        pushSegment(prev, here, durationS, style.colour, observedAtMs);
      return true;
    },
    positionAt(unitId, renderMs, out) {
      const slot = slotByUnit.get(unitId);
      if (slot === undefined) return false;
      return readPosition(slots.data, base(slot), wrapSeconds(renderMs), pace, out);
    },
    expire(renderMs) {
      const cut = renderMs - (TRAIL_S + 2) * 1000;
      while (count > 0 && endedAt[first]! < cut) {
        first = (first + 1) % segments.capacity;
        count--;
      }
      pinSilent(renderMs);
    },
    forget() {
      for (const slot of slotByUnit.values()) clearHistory(slot);
      first = next;
      count = 0;
    },
  };
}

/** Signed seconds from t to now on the wrapped clock. */
const sinceS = (nowS: number, t: number) => {
  const d = nowS - t;
  return d - WRAP_S * Math.floor(d / WRAP_S + 0.5);
};

/** The same walk through the history as in shaders/units.ts. */
function readPosition(d: Float32Array, o: number, nowS: number, pace: number, out: HeadPosition): boolean {
  const count = d[o + 2]!;
  if (count === 0) return false;
  const newest = d[o + 1]!;
  let late = o + 8 + newest * 4;
  out.ageS = sinceS(nowS, d[late + 3]!);
  let early = late;
  let t = 1;
  if (out.ageS >= 0) {
    if (count > 1) {
      early = o + 8 + ((newest + HISTORY - 1) % HISTORY) * 4;
      const dt = sinceS(d[late + 3]!, d[early + 3]!);
      if (dt <= LONGEST_GAP_S * pace) t = 1 + Math.min(out.ageS, LONGEST_EXTRAPOLATION_S * pace) / Math.max(dt, 0.05);
      // A fix from long ago says nothing about the speed now.
      if (out.ageS > LONGEST_GAP_S * pace) t = 1;
    }
  } else {
    for (let k = 1; k < count; k++) {
      early = o + 8 + ((newest - k + HISTORY) % HISTORY) * 4;
      const age = sinceS(nowS, d[early + 3]!);
      if (age >= 0) {
        const dt = sinceS(d[late + 3]!, d[early + 3]!);
        t = dt > LONGEST_GAP_S * pace ? 0 : age / Math.max(dt, 0.05);
        break;
      }
      late = early;
      t = 0;
    }
    if (count === 1) t = 1;
  }
  out.x = d[early]! + (d[late]! - d[early]!) * t;
  out.y = d[early + 1]! + (d[late + 1]! - d[early + 1]!) * t;
  const za = Math.floor(d[early + 2]! / 1024) / 10;
  const zb = Math.floor(d[late + 2]! / 1024) / 10;
  out.z = za + (zb - za) * Math.min(1, t);
  const ha = (d[early + 2]! % 1024) / 1024;
  const hb = (d[late + 2]! % 1024) / 1024;
  const turn = hb - ha - Math.round(hb - ha);
  out.headingRad = (ha + turn * Math.min(1, t)) * 2 * Math.PI;
  return true;
}
