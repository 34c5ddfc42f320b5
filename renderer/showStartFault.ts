import type { WallLocale } from './i18n/index.ts';
import { en } from './i18n/en.ts';
import { zh } from './i18n/zh.ts';
import type { WallConfigCode } from './wallConfig.ts';

/** The wall cannot even begin: plain text in both languages, for there is nothing yet that could show more. */
export function showStartFault(host: HTMLElement, code: WallConfigCode, message: string, first: WallLocale): void {
  const catalogues = first === 'zh' ? [zh, en] : [en, zh];
  const box = document.createElement('div');
  box.setAttribute('role', 'alert');
  box.dataset.testid = 'start-fault';
  box.style.cssText = 'display:grid;gap:0.75rem;align-content:center;height:100%;padding:4rem;font-size:1.25rem;user-select:text';
  for (const text of [...catalogues.map((catalogue) => catalogue.start[code]), message]) {
    const line = document.createElement('p');
    line.textContent = text;
    box.append(line);
  }
  host.replaceChildren(box);
}
