/** The first answers to the newest commands, by command id: a repetition is answered, never applied again (rule P-05). */
export function createCommandMemory<Answer>(capacity = 10_000) {
  const answers = new Map<string, Answer>();
  return {
    get: (id: string): Answer | undefined => answers.get(id),
    keep(id: string, answer: Answer): void {
      answers.set(id, answer);
      // A Map keeps insertion order: the first key is the oldest command.
      if (answers.size > capacity) answers.delete(answers.keys().next().value!);
    },
    get size() {
      return answers.size;
    },
  };
}
