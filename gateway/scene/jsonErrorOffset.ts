/**
 * Where a text stops being JSON. `JSON.parse` names the place only for some mistakes, and a person who edits a scene needs it for all.
 * @returns the offset of the first character that cannot be there, or -1 when the text is JSON.
 */
export function jsonErrorOffset(text: string): number {
  let at = 0;
  const space = () => {
    while (at < text.length && ' \n\r\t'.includes(text[at]!)) at += 1;
  };
  const match = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at += found[0].length;
    return found !== null;
  };
  const string = () => match(/"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y);
  const list = (close: string, item: () => boolean): boolean => {
    at += 1;
    space();
    if (text[at] === close) return ((at += 1), true);
    for (;;) {
      if (!item()) return false;
      space();
      if (text[at] === close) return ((at += 1), true);
      if (text[at] !== ',') return false;
      at += 1;
      space();
    }
  };
  const value = (): boolean => {
    space();
    switch (text[at] ?? 'end of text') {
      case '{':
        return list('}', () => {
          if (!string()) return false;
          space();
          if (text[at] !== ':') return false;
          at += 1;
          return value();
        });
      case '[':
        return list(']', value);
      case '"':
        return string();
      default:
        return match(/true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
    }
  };
  if (!value()) return at;
  space();
  return at === text.length ? -1 : at;
}
