/** Real ms. A sender that waits for each answer gets ten a second; a hundred that send at once share one commit. */
const PERIOD_MS = 100;

/** Lets all who wait share a flush: one begins at most every `periodMs`, and covers what was handed in before it began. */
export function createGroupFlush(flush: () => Promise<void>, periodMs = PERIOD_MS): () => Promise<void> {
  let next: Promise<void> | null = null;
  return () =>
    (next ??= new Promise<void>((resolve, reject) => {
      setTimeout(() => {
        next = null;
        flush().then(resolve, reject);
      }, periodMs);
    }));
}
