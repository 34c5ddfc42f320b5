import type { ChartPalette } from './arrivalsOption.ts';

/** Reads the theme's colours for a canvas. Cost: one style resolution; call it when the theme or the wall's size changes, not each frame. */
export function readPalette(element: HTMLElement): { palette: ChartPalette; remPx: number } {
  const style = getComputedStyle(element);
  const value = (name: string, fallback: string): string => style.getPropertyValue(name).trim() || fallback;
  const palette = {
    text: value('--text', '#eef3f4'),
    textFaint: value('--text-faint', '#8da3af'),
    line: value('--line', 'rgba(164,196,210,.13)'),
    accent: value('--accent', '#57bdb0'),
    accentDim: value('--accent-dim', '#2d6f6b'),
    warn: value('--warn', '#e6ac62'),
    font: value('--font', 'sans-serif'),
  };
  const remPx = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return { palette, remPx: Number.isFinite(remPx) && remPx > 0 ? remPx : 16 };
}
