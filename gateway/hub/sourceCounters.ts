import type { FactKind, Refusal } from '../adapters/adapter.ts';
import type { RefusalSeen } from '../sources/byteSource.ts';
import { createRatePerS } from '../vitals/ratePerS.ts';

const MOST_KEPT = 20;
const SAMPLE_LENGTH = 200;
/** Reasons are codes of ours, about thirty; a broken adapter that makes them up must not fill the memory. */
const MOST_REASONS = 100;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The beginning of bytes as a person can read it: text as it is, anything else in hex. At most 200 characters. */
function printable(bytes: Uint8Array): string {
  const start = bytes.subarray(0, SAMPLE_LENGTH);
  let text: string;
  try {
    // The cut may fall into the middle of a character.
    text = utf8.decode(start.subarray(0, wholeCharacters(start)));
  } catch {
    return Buffer.from(start.subarray(0, SAMPLE_LENGTH / 2)).toString('hex');
  }

  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ').slice(0, SAMPLE_LENGTH);
}
function wholeCharacters(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && bytes.length - end < 3 && (bytes[end - 1]! & 0xc0) === 0x80) end -= 1;
  if (end === 0) return bytes.length;
  const lead = bytes[end - 1]!;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return end - 1 + length > bytes.length ? end - 1 : bytes.length;
}

/** What one source did since the gateway started, over all its connections. */
export function createSourceCounters(nowMs: () => number) {
  const acceptedByKind: Partial<Record<FactKind, number>> = {};
  const refusedByReason = new Map<string, number>();
  const last: RefusalSeen[] = [];
  const counts = { messages: 0, bytes: 0, accepted: 0, repeated: 0, refused: 0, orders: 0, connects: 0 };
  let lastHeardAtMs: number | null = null;
  const messageRate = createRatePerS(() => counts.messages);
  const factRate = createRatePerS(() => counts.accepted);

  return {
    counts,
    get lastHeardAtMs() {
      return lastHeardAtMs;
    },
    heard(sizeBytes: number): void {
      counts.messages += 1;
      counts.bytes += sizeBytes;
      lastHeardAtMs = Math.round(nowMs());
    },
    accepted(kind: FactKind): void {
      counts.accepted += 1;
      acceptedByKind[kind] = (acceptedByKind[kind] ?? 0) + 1;
    },
    refused(refusal: Refusal, from: string, bytes: Uint8Array | undefined): void {
      counts.refused += 1;
      const known = refusedByReason.has(refusal.reason) || refusedByReason.size < MOST_REASONS;
      const reason = known ? refusal.reason : 'other';
      refusedByReason.set(reason, (refusedByReason.get(reason) ?? 0) + 1);
      last.unshift({
        reason,
        path: refusal.path.slice(0, SAMPLE_LENGTH),
        message: refusal.message.slice(0, 500),
        atMs: Math.round(nowMs()),
        from: from.slice(0, SAMPLE_LENGTH),
        sample: bytes ? printable(bytes) : '',
      });
      if (last.length > MOST_KEPT) last.pop();
    },
    read: () => ({
      ...counts,
      lastHeardAtMs,
      messagesPerS: messageRate.perS(),
      factsPerS: factRate.perS(),
      acceptedByKind: { ...acceptedByKind },
      refusedByReason: Object.fromEntries(refusedByReason),
      lastRefusals: [...last],
    }),
    dispose(): void {
      messageRate.dispose();
      factRate.dispose();
    },
  };
}
