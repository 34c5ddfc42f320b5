/** Name of the bundled face: the variable Noto Sans SC, cut into about a hundred subsets that load by the characters they hold. */
const FONT_FAMILY = 'Noto Sans SC Variable';

/**
 * Loads the subsets that hold these texts. A canvas (ECharts, map labels) draws with whatever face is there at that moment and never again,
 * so text must be loaded before it is drawn. Resolves to false when the page has no font loading or a subset failed: text then falls back.
 */
export async function loadFonts(texts: Iterable<string>, weights: readonly number[] = [400, 550]): Promise<boolean> {
  if (typeof document === 'undefined' || !('fonts' in document)) return false;
  const characters = [...new Set([...texts].join(''))].join('');
  const loads = weights.map((weight) => document.fonts.load(`${weight} 16px "${FONT_FAMILY}"`, characters));
  const results = await Promise.allSettled(loads);
  return results.every((result) => result.status === 'fulfilled');
}
