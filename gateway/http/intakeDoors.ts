import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers a request whose host and origin are admitted; who sends it, it finds out itself. */
export type Receiver = (request: IncomingMessage, response: ServerResponse) => void;

/** Sources that take requests through the gateway's own server, at `/in/<source>`. */
export function createIntakeDoors() {
  const receivers = new Map<string, Receiver>();
  return {
    /** @returns what closes the door again. */
    open(sourceId: string, receiver: Receiver): () => void {
      receivers.set(sourceId, receiver);
      return () => {
        if (receivers.get(sourceId) === receiver) receivers.delete(sourceId);
      };
    },
    at: (sourceId: string): Receiver | undefined => receivers.get(sourceId),
  };
}
export type IntakeDoors = ReturnType<typeof createIntakeDoors>;
