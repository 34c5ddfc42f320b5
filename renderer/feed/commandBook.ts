import type { CommandFrame } from '../../protocol/frames/client.ts';
import type { Res } from '../../protocol/frames/server.ts';
import type { CommandResult } from './feedTypes.ts';

/** Commands under way at once; a wall has one operator. */
const MOST_OPEN = 200;
/** How long after its expiry a command that was sent still waits for its answer, real ms. */
const GRACE_MS = 3000;
/** Rule P-08: one frame to the server. */
const MOST_BYTES = 65_536;

interface Entry {
  type: string;
  rev: number | null;
  data: Record<string, unknown>;
  reason: string | null;
  /** This machine's time. */
  deadlineMs: number;
  /** Set when it was sent first; repeated unchanged afterwards. */
  text: string | null;
  settle(result: CommandResult): void;
}

export interface CommandBookPorts {
  /** This machine's time. */
  localNowMs(): number;
  /** Server time after `realMs` more of real time. */
  serverTimeIn(realMs: number): number;
  newId(): string;
  /** Sends when there is a welcomed connection; @returns false when there is none. */
  transmit(text: string): boolean;
}

const failure = (status: CommandResult['status'], code: string, message: string): CommandResult => ({
  status,
  seq: null,
  error: { code, message, path: null },
});

/** Commands under way (rule P-05): one id for life, repeated after every reconnect until answered or expired; each promise settles. */
export function createCommandBook(ports: CommandBookPorts) {
  const open = new Map<string, Entry>();

  function transmit(id: string, entry: Entry): void {
    if (entry.text === null) {
      const frame: CommandFrame = {
        frame: 'cmd',
        id,
        type: entry.type,
        rev: entry.rev,
        expiresAtMs: ports.serverTimeIn(entry.deadlineMs - ports.localNowMs()),
        data: entry.data,
        reason: entry.reason,
      };
      const text = JSON.stringify(frame);
      if (new TextEncoder().encode(text).length > MOST_BYTES) {
        finish(id, failure('rejected', 'tooLarge', `a command is at most ${MOST_BYTES} bytes`));
        return;
      }
      if (ports.transmit(text)) entry.text = text;
    } else ports.transmit(entry.text);
  }
  function finish(id: string, result: CommandResult): boolean {
    const entry = open.get(id);
    open.delete(id);
    entry?.settle(result);
    return entry !== undefined;
  }

  return {
    send(
      type: string,
      data: Record<string, unknown>,
      rev: number | null,
      reason: string | null,
      expiresInMs: number,
    ): Promise<CommandResult> {
      if (open.size >= MOST_OPEN) return Promise.resolve(failure('rejected', 'tooMany', `${MOST_OPEN} commands wait for an answer`));
      return new Promise((settle) => {
        const id = ports.newId();
        const entry: Entry = { type, rev, data, reason, deadlineMs: ports.localNowMs() + expiresInMs, text: null, settle };
        open.set(id, entry);
        transmit(id, entry);
      });
    },
    /** After a welcome: everything that has no answer yet, in the order of asking. */
    resend(): void {
      for (const [id, entry] of [...open]) transmit(id, entry);
    },
    /** @returns false for an answer to nothing that was asked. */
    answer(res: Res): boolean {
      return finish(res.id, { status: res.status, seq: res.seq, error: res.error });
    },
    tick(): void {
      const nowMs = ports.localNowMs();
      for (const [id, entry] of [...open]) {
        if (entry.text === null && nowMs >= entry.deadlineMs) finish(id, failure('expired', 'expired', 'there was no connection in time'));
        else if (nowMs >= entry.deadlineMs + GRACE_MS)
          finish(id, failure('unanswered', 'unanswered', 'it was sent; no answer came in time'));
      }
    },
    close(): void {
      for (const id of [...open.keys()]) finish(id, failure('closed', 'closed', 'the feed was closed'));
    },
  };
}
