import type { QueryFrame } from '../../protocol/frames/client.ts';
import { answerQuery, refuseQuery } from './answerQuery.ts';
import type { AnswerPart, QueryContext } from './answerQuery.ts';
import type { FrameFault } from './parseClientFrame.ts';
import type { createRateLimit } from './rateLimit.ts';

export interface AnswerPorts {
  limit: ReturnType<typeof createRateLimit>;
  queriesPerS: number;
  /** What questions are answered from: the town of now, or of a replayed moment. */
  context(): QueryContext;
  send(text: string): void;
  refuse(fault: FrameFault): void;
  /** Whether the socket holds as much as it may. */
  isFull(): boolean;
  isOpen(): boolean;
  onFault(error: unknown): void;
}

/** Long answers under way for one client. */
const MOST_ANSWERS = 4;
/** How long a full socket is left alone before it is looked at again. */
const LOOK_MS = 20;

/** Answers the questions of one client, part by part as its socket takes them: an answer that nobody reads is made no further. */
export function createAnswers(ports: AnswerPorts) {
  let running = 0;
  const tell = ({ text, fault }: AnswerPart): void => {
    if (fault) ports.refuse(fault);
    ports.send(text);
  };
  const room = async (): Promise<void> => {
    while (ports.isFull() && ports.isOpen()) await new Promise((done) => setTimeout(done, LOOK_MS));
  };
  const failed = (frame: QueryFrame, error: unknown): void => {
    ports.onFault(error);
    tell({ ...refuseQuery(frame, ''), fault: { code: 'internal', path: null, message: `query ${frame.id} failed` } });
  };
  const stream = async (frame: QueryFrame, parts: AsyncIterable<AnswerPart>): Promise<void> => {
    running += 1;
    try {
      for await (const part of parts) {
        if (!ports.isOpen()) return;
        tell(part);
        await room();
      }
    } catch (error) {
      failed(frame, error);
    } finally {
      running -= 1;
    }
  };
  const answer = (frame: QueryFrame): void => {
    const parts = answerQuery(frame, ports.context());
    if (Array.isArray(parts)) for (const part of parts) tell(part);
    else if (running >= MOST_ANSWERS) tell(refuseQuery(frame, `${MOST_ANSWERS} long answers are under way`));
    else void stream(frame, parts);
  };
  return {
    ask(frame: QueryFrame): void {
      // Answers are long: one who asks and does not read must not make us keep them.
      if (ports.isFull()) tell(refuseQuery(frame, 'earlier answers have not been taken yet'));
      else if (!ports.limit.take()) tell(refuseQuery(frame, `more than ${ports.queriesPerS} queries a second`));
      else answer(frame);
    },
  };
}
