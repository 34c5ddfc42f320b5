import type { HandleFix } from '../../protocol/frames/positionBinary.ts';

/** What the newest fix of a unit says. */
export interface Track {
  lonDeg: number;
  latDeg: number;
  altM: number;
  headingDeg: number;
  speedMps: number;
  /** Server time of the observation. */
  observedAtMs: number;
}

/** Why a fix was taken or not. `repeat`: the unit's newest fix was sent again, as servers do for what stands still. */
export type FixVerdict = 'applied' | 'repeat' | 'future' | 'old' | 'unknown';

/** Called with one reused object: copy what you keep. `slot` indexes the columns. */
export type FixListener = (unitId: string, fix: Readonly<HandleFix>, slot: number) => void;

/** Where every moving thing is. Plain and mutable: never put it into reactive state. */
export interface TrackTable {
  readonly capacity: number;
  /** Units that have a slot, moving or not. A slot is reused after its unit vanished. */
  readonly slots: ReadonlyMap<string, number>;
  /** Columns, indexed by slot. `observedAtMs` is 0 while a unit has no fix. Radians and arrays of objects are for others. */
  readonly lonDeg: Float64Array;
  readonly latDeg: Float64Array;
  readonly altM: Float32Array;
  readonly headingDeg: Float32Array;
  readonly speedMps: Float32Array;
  readonly observedAtMs: Float64Array;
  latest(unitId: string): Track | null;
  onFix(listener: FixListener): () => void;
  /** Told when all positions are void because another journal began: what was drawn from them means nothing any more. */
  onForget(listener: () => void): () => void;
  /** Gives the unit a slot and its handle. @returns false when the table is full. */
  setUnit(unitId: string, handle: number): boolean;
  removeUnit(unitId: string): void;
  /** Forgets positions, keeps units: the times of another journal cannot be compared with these. */
  forgetFixes(): void;
  unitOf(handle: number): string | undefined;
  /** @param latestMs server time after which a fix lies in the future. */
  applyHandle(fix: Readonly<HandleFix>, latestMs: number): FixVerdict;
  applyId(unitId: string, fix: Readonly<Omit<HandleFix, 'handle'>>, latestMs: number): FixVerdict;
}

/**
 * 48 bytes a slot. A fix costs one lookup and six writes.
 * @param capacity most units at once; further ones get no position and `setUnit` says so.
 */
export function createTrackTable(capacity = 20_000): TrackTable {
  const slots = new Map<string, number>();
  const handles = new Map<number, string>();
  const handleOf = new Map<string, number>();
  const free: number[] = [];
  let used = 0;
  const listeners = new Set<FixListener>();
  const forgetListeners = new Set<() => void>();
  const lonDeg = new Float64Array(capacity);
  const latDeg = new Float64Array(capacity);
  const altM = new Float32Array(capacity);
  const headingDeg = new Float32Array(capacity);
  const speedMps = new Float32Array(capacity);
  const observedAtMs = new Float64Array(capacity);
  const told: HandleFix = { handle: 0, lonDeg: 0, latDeg: 0, altM: 0, headingDeg: 0, speedMps: 0, observedAtMs: 0 };

  const take = (): number => free.pop() ?? (used < capacity ? used++ : -1);

  function forgetHandle(unitId: string): void {
    const handle = handleOf.get(unitId);
    if (handle === undefined) return;
    handleOf.delete(unitId);
    if (handles.get(handle) === unitId) handles.delete(handle);
  }

  function applyId(unitId: string, fix: Readonly<Omit<HandleFix, 'handle'>>, latestMs: number): FixVerdict {
    const slot = slots.get(unitId);
    if (slot === undefined) return 'unknown';
    if (fix.observedAtMs > latestMs) return 'future';
    const newest = observedAtMs[slot]!;
    if (fix.observedAtMs < newest) return 'old';
    if (fix.observedAtMs === newest) return 'repeat';
    lonDeg[slot] = fix.lonDeg;
    latDeg[slot] = fix.latDeg;
    altM[slot] = fix.altM;
    headingDeg[slot] = fix.headingDeg;
    speedMps[slot] = fix.speedMps;
    observedAtMs[slot] = fix.observedAtMs;
    if (listeners.size > 0) {
      Object.assign(told, fix);
      told.handle = handleOf.get(unitId) ?? 0;
      for (const listener of listeners) listener(unitId, told, slot);
    }
    return 'applied';
  }

  return {
    capacity,
    slots,
    lonDeg,
    latDeg,
    altM,
    headingDeg,
    speedMps,
    observedAtMs,
    latest(unitId) {
      const slot = slots.get(unitId);
      if (slot === undefined || observedAtMs[slot] === 0) return null;
      return {
        lonDeg: lonDeg[slot]!,
        latDeg: latDeg[slot]!,
        altM: altM[slot]!,
        headingDeg: headingDeg[slot]!,
        speedMps: speedMps[slot]!,
        observedAtMs: observedAtMs[slot]!,
      };
    },
    onFix(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onForget(listener) {
      forgetListeners.add(listener);
      return () => forgetListeners.delete(listener);
    },
    setUnit(unitId, handle) {
      if (!slots.has(unitId)) {
        const slot = take();
        if (slot < 0) return false;
        observedAtMs[slot] = 0;
        slots.set(unitId, slot);
      }
      if (handleOf.get(unitId) !== handle) {
        forgetHandle(unitId);
        const holder = handles.get(handle);
        if (holder !== undefined) handleOf.delete(holder);
        handles.set(handle, unitId);
        handleOf.set(unitId, handle);
      }
      return true;
    },
    removeUnit(unitId) {
      const slot = slots.get(unitId);
      if (slot === undefined) return;
      forgetHandle(unitId);
      slots.delete(unitId);
      observedAtMs[slot] = 0;
      free.push(slot);
    },
    forgetFixes() {
      observedAtMs.fill(0);
      for (const listener of forgetListeners) listener();
    },
    unitOf: (handle) => handles.get(handle),
    applyHandle(fix, latestMs) {
      const unitId = handles.get(fix.handle);
      return unitId === undefined ? 'unknown' : applyId(unitId, fix, latestMs);
    },
    applyId,
  };
}
