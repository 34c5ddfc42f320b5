import { describe, expect, it } from 'vitest';
import { catalogueTexts, createWallI18n } from '../../../../renderer/i18n/index.ts';
import { en } from '../../../../renderer/i18n/en.ts';
import { zh } from '../../../../renderer/i18n/zh.ts';

const vueFiles = import.meta.glob<string>('../../../../renderer/**/*.vue', { query: '?raw', import: 'default', eager: true });

function flat(node: object, path = ''): [string, string][] {
  return Object.entries(node).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : flat(value as object, `${path}${key}.`),
  );
}
const zhTexts = new Map(flat(zh));
const enTexts = new Map(flat(en));
const placeholders = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]!).sort();

/** The template without comments, tags' own syntax and bindings: only what a reader would see. */
function visibleText(source: string): { text: string; attributes: string } {
  const template = /<template>([\s\S]*)<\/template>/.exec(source)?.[1] ?? '';
  const bare = template.replace(/<!--[\s\S]*?-->/g, '').replace(/\{\{[\s\S]*?\}\}/g, '');
  const tags = [...bare.matchAll(/<(?:[^>"']|"[^"]*"|'[^']*')*>/g)].map((m) => m[0]);
  const attributes = tags
    .flatMap((tag) => [...tag.matchAll(/\s(?:title|aria-label|placeholder|alt)="([^"]*)"/g)].map((m) => m[1]!))
    .filter((value) => !zhTexts.has(value));
  return { text: bare.replace(/<(?:[^>"']|"[^"]*"|'[^']*')*>/g, ' '), attributes: attributes.join(' ') };
}

describe('the catalogue', () => {
  it('has the same keys in both languages', () => {
    expect([...enTexts.keys()].sort()).toEqual([...zhTexts.keys()].sort());
  });
  it('has no empty text', () => {
    for (const [key, text] of [...zhTexts, ...enTexts]) expect(text.trim(), key).not.toBe('');
  });
  it('asks for the same values in both languages', () => {
    for (const [key, text] of zhTexts) expect(placeholders(enTexts.get(key)!), key).toEqual(placeholders(text));
  });
  it('is written in the language it claims to be', () => {
    const bilingual = new Set([
      'app.subtitle',
      'app.simulatedOther',
      'replay.markOther',
      'header.language',
      'key.language',
      'media.simulated',
    ]);
    for (const [key, text] of enTexts) if (!bilingual.has(key)) expect(text, key).not.toMatch(/\p{Script=Han}/u);
  });
  it('uses no full-width apostrophe in English: the Chinese font draws it as wide as a character', () => {
    for (const [key, text] of enTexts) expect(text, key).not.toMatch(/[’‘“”]/);
  });
  it('interprets messages without compiling functions', () => {
    const { t, locale } = createWallI18n('zh').global;
    expect(t('header.feedAge', { age: '0.4' })).toBe('数据 0.4 秒');
    locale.value = 'en';
    expect(t('header.feedAge', { age: '0.4' })).toBe('Data 0.4 s');
  });
  it('gives every character to the font loader', () => {
    const all = catalogueTexts().join('');
    expect(all).toContain('乌镇综合指挥');
    expect(all).toContain('Reported');
  });
});

describe('components', () => {
  it('are found', () => expect(Object.keys(vueFiles).length).toBeGreaterThan(15));
  it.each(Object.entries(vueFiles))('%s shows only text of the catalogue', (_file, source) => {
    const { text, attributes } = visibleText(source);
    expect(text.match(/\p{Script=Han}|[A-Za-z]{2,}/gu)).toBeNull();
    expect(attributes.match(/\p{Script=Han}|[A-Za-z]{2,}/gu)).toBeNull();
  });
  it.each(Object.entries(vueFiles))('%s asks only for keys that exist', (_file, source) => {
    const asked = [...source.matchAll(/\bt\(\s*'([\w.]+)'/g)].map((m) => m[1]!);
    for (const key of asked) expect(zhTexts.has(key), key).toBe(true);
    const families = [...source.matchAll(/\bt\(\s*`([\w.]+)\.\$\{/g)].map((m) => m[1]!);
    for (const family of families)
      expect(
        [...zhTexts.keys()].some((key) => key.startsWith(`${family}.`)),
        family,
      ).toBe(true);
  });
});

it('notices a planted word', () => {
  const planted = visibleText('<template><p title="Oops">Hello {{ t("a") }}<b v-if="a > b">你好</b></p></template>');
  expect(planted.text).toMatch(/Hello/);
  expect(planted.text).toMatch(/你好/);
  expect(planted.attributes).toBe('Oops');
});
