/** Topics and paths are parted by slashes, NATS subjects by dots. */
export const levelsOf = (from: string): string[] => from.split(from.includes('/') ? '/' : '.');

/** A pattern over what a message came under, as brokers write them: `+` or `*` is one level, `#` or `>` at the end all the rest. */
export function compileFromPattern(pattern: string): (from: string) => boolean {
  const wanted = levelsOf(pattern);
  const last = wanted.at(-1);
  const isOpen = last === '#' || last === '>';
  const fixed = isOpen ? wanted.slice(0, -1) : wanted;
  return (from) => {
    const levels = levelsOf(from);
    if (isOpen ? levels.length < fixed.length : levels.length !== fixed.length) return false;
    return fixed.every((level, i) => level === '+' || level === '*' || level === levels[i]);
  };
}
