import type { Journal } from '../journal/journal.ts';

const PREFIX = 'command/';

/**
 * The first answers to the newest commands, by command id: a repetition is answered, never applied again (rule P-05). They are kept with
 * what the commands changed: a wall whose answer was lost with the gateway asks the next one.
 */
export function createCommandMemory<Answer>(journal: Pick<Journal, 'note' | 'notes'>, capacity = 10_000) {
  const answers = new Map<string, Answer>();
  for (const [key, answer] of journal.notes(PREFIX)) answers.set(key.slice(PREFIX.length), JSON.parse(answer) as Answer);
  return {
    get: (id: string): Answer | undefined => answers.get(id),
    keep(id: string, answer: Answer): void {
      answers.set(id, answer);
      journal.note(PREFIX + id, JSON.stringify(answer));
      if (answers.size <= capacity) return;
      // A Map keeps insertion order: the first key is the oldest command.
      const oldest = answers.keys().next().value!;
      answers.delete(oldest);
      journal.note(PREFIX + oldest, null);
    },
    get size() {
      return answers.size;
    },
  };
}
