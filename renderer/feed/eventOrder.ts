/** Jumps at one place after which a resume has proved useless (rule P-02). */
const MOST_GAPS = 3;

/** Which event is next (rule P-02). It outlives connections: `seq` numbers events in the log. */
export function createEventOrder() {
  let epoch: string | null = null;
  let seq = 0;
  let gapAtSeq = -1;
  let gapsHere = 0;
  let askSnapshot = false;
  return {
    /** What `hello` sends: null asks for a snapshot. */
    resume: (): { epoch: string; seq: number } | null => (epoch === null || askSnapshot ? null : { epoch, seq }),
    cursor: (): { epoch: string; seq: number } | null => (epoch === null ? null : { epoch, seq }),
    judge: (next: number): 'next' | 'duplicate' | 'gap' => (next === seq + 1 ? 'next' : next <= seq ? 'duplicate' : 'gap'),
    /** Whether the server sent an event that never arrived. */
    lostTail: (sentSeq: number): boolean => epoch !== null && sentSeq > seq,
    advance(): void {
      seq += 1;
    },
    startAt(nextEpoch: string, nextSeq: number): void {
      epoch = nextEpoch;
      seq = nextSeq;
      askSnapshot = false;
      gapAtSeq = -1;
      gapsHere = 0;
    },
    /** Something after `seq` is missing: the next connection resumes, or after three times here asks for a snapshot. */
    noteGap(): void {
      gapsHere = gapAtSeq === seq ? gapsHere + 1 : 1;
      gapAtSeq = seq;
      if (gapsHere >= MOST_GAPS) askSnapshot = true;
    },
    /** The server's resume made no sense. */
    wantSnapshot(): void {
      askSnapshot = true;
    },
  };
}
export type EventOrder = ReturnType<typeof createEventOrder>;
