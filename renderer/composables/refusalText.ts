/** Why a command was not carried out: the status in words, then what the server said about this case. */
export function refusalText(
  answer: { status: string; error: { code: string; message: string } | null },
  t: (key: string) => string,
  te: (key: string) => boolean,
): string {
  const status = te(`status.${answer.status}`) ? t(`status.${answer.status}`) : answer.status;
  const detail = answer.error?.message.trim() ?? '';
  return detail === '' ? status : `${status} (${detail})`;
}
