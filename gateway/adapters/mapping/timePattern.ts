const PARTS = { yyyy: 4, yy: 2, MM: 2, dd: 2, HH: 2, mm: 2, ss: 2, SSS: 3 } as const;
type Part = keyof typeof PARTS;
const TOKEN = /yyyy|yy|MM|dd|HH|mm|ss|SSS|[^a-zA-Z]/gy;

/** @returns what reads such a text as if it were UTC, in ms (null for what does not fit), or one line about the pattern. */
export function createPatternReader(pattern: string): ((value: unknown) => number | null) | string {
  const parts: Part[] = [];
  let source = '^';
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < pattern.length) {
    const token = TOKEN.exec(pattern)?.[0];
    if (token === undefined) return `"${pattern}" is no pattern of time: expected yyyy MM dd HH mm ss SSS and signs between them`;
    if (Object.hasOwn(PARTS, token)) {
      parts.push(token as Part);
      source += `(\\d{${PARTS[token as Part]}})`;
    } else source += token.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  }
  const missing = (['MM', 'dd', 'HH', 'mm'] as const).find((part) => !parts.includes(part));
  if (missing !== undefined || !(parts.includes('yyyy') || parts.includes('yy')) || new Set(parts).size !== parts.length) {
    return `"${pattern}" must have the year, MM, dd, HH and mm, each once`;
  }
  const form = new RegExp(`${source}$`);
  return (value) => {
    const match = typeof value === 'string' ? form.exec(value.trim()) : null;
    if (!match) return null;
    const at = (part: Part): number => (parts.includes(part) ? Number(match[parts.indexOf(part) + 1]) : 0);
    const year = parts.includes('yyyy') ? at('yyyy') : 2000 + at('yy');
    const atMs = Date.UTC(year, at('MM') - 1, at('dd'), at('HH'), at('mm'), at('ss'), at('SSS'));
    const made = new Date(atMs);
    // 31 February is read as 3 March by Date.UTC.
    const isReal = made.getUTCMonth() === at('MM') - 1 && made.getUTCDate() === at('dd') && at('HH') < 24 && at('mm') < 60 && at('ss') < 60;
    return isReal ? atMs : null;
  };
}
