/** Why a command changed nothing. `code` is for programs, `message` for people, `path` names the field. */
export interface Refusal {
  status: 'rejected' | 'expired' | 'conflict' | 'forbidden';
  code: string;
  message: string;
  path: string | null;
}
/** What a command did: the event that it caused, or why none. */
export type Outcome = { seq: number } | { refusal: Refusal };

export const refuse = (code: string, message: string, path: string | null = null, status: Refusal['status'] = 'rejected'): Outcome => ({
  refusal: { status, code, message, path },
});
export const isRefusal = (outcome: Outcome): outcome is { refusal: Refusal } => 'refusal' in outcome;
