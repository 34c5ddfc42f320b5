/** Why a command was not carried out: the status in words, then what the server said about this case. */
export function refusalText(
  answer: { status: string; error: { code: string; message: string } | null },
  t: (key: string) => string,
  te: (key: string) => boolean,
): string {
  const code = answer.error?.code ?? answer.status;
  // A code that the catalogue explains says more than the status, and in the reader's language.
  if (code !== answer.status && te(`status.${code}`)) return t(`status.${code}`);
  const status = te(`status.${answer.status}`) ? t(`status.${answer.status}`) : answer.status;
  const detail = answer.error?.message.trim() ?? '';
  return detail === '' ? status : `${status} (${detail})`;
}

/** Why the feed is not live, in words; a code that the catalogue does not know is shown as it came. */
export function feedReasonText(reason: string | null, t: (key: string) => string, te: (key: string) => boolean): string {
  if (reason === null) return '–';
  return te(`feedReason.${reason}`) ? t(`feedReason.${reason}`) : reason;
}
