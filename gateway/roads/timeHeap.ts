/** A queue of numbered things by time, earliest first. It grows as needed and keeps its memory. */
export interface TimeHeap {
  readonly size: number;
  clear(): void;
  push(seconds: number, thing: number): void;
  /** Time of the earliest; Infinity when empty. */
  readonly earliestS: number;
  /** Takes the earliest out. @returns -1 when empty. */
  pop(): number;
}

const FIRST_CAPACITY = 1024;

/** A binary heap over two typed arrays: nothing is allocated but to grow. */
export function createTimeHeap(): TimeHeap {
  let times = new Float64Array(FIRST_CAPACITY);
  let things = new Int32Array(FIRST_CAPACITY);
  let size = 0;

  const grow = (): void => {
    const more = new Float64Array(times.length * 2);
    more.set(times);
    times = more;
    const moreThings = new Int32Array(things.length * 2);
    moreThings.set(things);
    things = moreThings;
  };
  return {
    get size() {
      return size;
    },
    clear() {
      size = 0;
    },
    get earliestS() {
      return size > 0 ? times[0]! : Infinity;
    },
    push(seconds, thing) {
      if (size === times.length) grow();
      let at = size;
      size += 1;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (times[parent]! <= seconds) break;
        times[at] = times[parent]!;
        things[at] = things[parent]!;
        at = parent;
      }
      times[at] = seconds;
      things[at] = thing;
    },
    pop() {
      if (size === 0) return -1;
      const first = things[0]!;
      size -= 1;
      const [seconds, thing] = [times[size]!, things[size]!];
      let at = 0;
      for (;;) {
        let child = at * 2 + 1;
        if (child >= size) break;
        if (child + 1 < size && times[child + 1]! < times[child]!) child += 1;
        if (times[child]! >= seconds) break;
        times[at] = times[child]!;
        things[at] = things[child]!;
        at = child;
      }
      times[at] = seconds;
      things[at] = thing;
      return first;
    },
  };
}
