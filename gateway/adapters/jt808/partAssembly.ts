import { refusal } from '../adapter.ts';
import type { Refusal } from '../adapter.ts';
import type { Frame } from './frame.ts';

/** A batch of a whole day is some fifty parts. */
const MOST_PARTS = 256;
/** Messages on their way at once; the oldest makes room. */
const MOST_MESSAGES = 64;
const MOST_BYTES = 4 << 20;
const MOST_AGE_MS = 300_000;

interface Assembly {
  parts: (Buffer | undefined)[];
  came: number;
  sizeBytes: number;
  beganAtMs: number;
}

/** Joins messages that a terminal sends in parts. The serial numbers of the parts follow each other, so the first one names the message. */
export function createPartAssembly() {
  const running = new Map<string, Assembly>();
  let sizeBytes = 0;
  const drop = (key: string): void => {
    sizeBytes -= running.get(key)?.sizeBytes ?? 0;
    running.delete(key);
  };

  return {
    get sizeBytes() {
      return sizeBytes;
    },
    /** @param refuse told of messages that will never be whole. @returns the whole body, or null while parts are missing. */
    add({ id, terminal, serial, part, body }: Frame, nowMs: number, refuse: (why: Refusal) => void): Buffer | null {
      const { total, index } = part!;
      if (total > MOST_PARTS) {
        refuse(refusal('tooManyParts', 'part', `a message of ${total} parts, at most ${MOST_PARTS} are joined`));
        return null;
      }
      const giveUp = (key: string, why: string): void => {
        const lost = running.get(key)!;
        refuse(refusal('partsMissing', 'part', `${lost.came} of ${lost.parts.length} parts came of message ${key}: ${why}`));
        drop(key);
      };
      for (const [key, { beganAtMs }] of running) {
        // Insertion order is age.
        if (nowMs - beganAtMs <= MOST_AGE_MS) break;
        giveUp(key, 'too long ago');
      }
      const key = `${terminal}/${id}/${total}/${(serial - index + 1) & 0xffff}`;
      let one = running.get(key);
      if (!one) {
        while (running.size >= MOST_MESSAGES) giveUp(running.keys().next().value!, 'others came after it');
        running.set(key, (one = { parts: new Array<undefined>(total), came: 0, sizeBytes: 0, beganAtMs: nowMs }));
      }
      if (one.parts[index - 1]) return null;
      one.parts[index - 1] = Buffer.from(body);
      one.came += 1;
      one.sizeBytes += body.length;
      sizeBytes += body.length;
      if (one.came === total) {
        const whole = Buffer.concat(one.parts as Buffer[]);
        drop(key);
        return whole;
      }
      while (sizeBytes > MOST_BYTES) giveUp(running.keys().next().value!, 'too much is on its way');
      return null;
    },
  };
}
