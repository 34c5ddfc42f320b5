import { createI18n } from 'vue-i18n';
import { en } from './en.ts';
import { zh } from './zh.ts';

export type WallLocale = 'zh' | 'en';

/**
 * The catalogue as a Vue plugin. Messages are compiled to a syntax tree and interpreted, never to a function, so the page needs no
 * `unsafe-eval`. The locale follows the user interface's store; App.vue binds the two.
 */
export function createWallI18n(locale: WallLocale = 'zh') {
  return createI18n({
    legacy: false,
    locale,
    fallbackLocale: 'zh',
    messages: { zh, en },
    missingWarn: true,
    fallbackWarn: true,
    warnHtmlMessage: true,
  });
}

/** Every character of both catalogues: what must be in a loaded font before a canvas draws interface text. */
export function catalogueTexts(): string[] {
  const texts: string[] = [];
  const walk = (node: unknown): void => {
    if (typeof node === 'string') texts.push(node);
    else if (node !== null && typeof node === 'object') for (const child of Object.values(node)) walk(child);
  };
  walk(zh);
  walk(en);
  return texts;
}
