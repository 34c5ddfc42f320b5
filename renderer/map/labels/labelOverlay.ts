import type { LabelSide } from './placeLabels.ts';
import { placeLabels } from './placeLabels.ts';
import type { LabelSource, LabelTone, TextWish } from './labelWishes.ts';
import { LINE_PX } from './labelWishes.ts';
import type { Projection } from '../camera/cameraRig.ts';
import type { MapLocale } from '../townMap.ts';

/** Redrawn when the camera moved, and otherwise this often, for the labels of moving units. */
export const LABEL_PERIOD_MS = 100;
const MOST_MEASURED = 2000;

const FAMILY = '"Noto Sans SC Variable", "Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';
const FONT: Record<LabelTone, string> = {
  town: `600 18px ${FAMILY}`,
  place: `500 15px ${FAMILY}`,
  small: `400 13.5px ${FAMILY}`,
  water: `400 14px ${FAMILY}`,
  road: `400 13px ${FAMILY}`,
  unit: `500 13.5px ${FAMILY}`,
  selected: `600 15px ${FAMILY}`,
  incident: `600 14.5px ${FAMILY}`,
};
const SPACING: Partial<Record<LabelTone, string>> = { town: '3px', water: '2px', place: '1px' };

interface Ink {
  fill: string;
  halo: string;
}
const NIGHT: Record<LabelTone, Ink> = {
  town: { fill: '#f0eee6', halo: 'rgba(6,14,22,.86)' },
  place: { fill: '#d8e0e0', halo: 'rgba(6,14,22,.82)' },
  small: { fill: '#a9b8bf', halo: 'rgba(6,14,22,.80)' },
  water: { fill: '#86b3c6', halo: 'rgba(6,18,28,.74)' },
  road: { fill: '#a89f8e', halo: 'rgba(6,14,22,.78)' },
  unit: { fill: '#eef4f4', halo: 'rgba(4,10,16,.88)' },
  selected: { fill: '#ffffff', halo: 'rgba(4,10,16,.94)' },
  incident: { fill: '#ffe9cf', halo: 'rgba(24,9,5,.92)' },
};
const DAY: Record<LabelTone, Ink> = {
  town: { fill: '#182429', halo: 'rgba(238,240,234,.88)' },
  place: { fill: '#223036', halo: 'rgba(236,238,232,.84)' },
  small: { fill: '#3c4a4e', halo: 'rgba(232,236,230,.80)' },
  water: { fill: '#33596a', halo: 'rgba(214,226,226,.80)' },
  road: { fill: '#5d564a', halo: 'rgba(236,236,228,.80)' },
  unit: { fill: '#10191d', halo: 'rgba(244,246,242,.90)' },
  selected: { fill: '#0a1215', halo: 'rgba(255,255,255,.96)' },
  incident: { fill: '#5a1408', halo: 'rgba(255,246,236,.94)' },
};

export interface LabelOverlay {
  /** @returns labels drawn */
  draw(input: { project: Projection; rangeM: number; renderMs: number; locale: MapLocale; day: number }): number;
  resize(width: number, height: number, pixelRatio: number): void;
  clear(): void;
}

/** One 2D canvas over the map: crisp text at a tenth of the cost of moving elements, and one place for collisions. */
export function createLabelOverlay(canvas: HTMLCanvasElement, source: LabelSource): LabelOverlay {
  const context = canvas.getContext('2d');
  const widths = new Map<string, number>();
  let shown = new Map<string, LabelSide>();
  let width = 0;
  let height = 0;
  let ratio = 1;

  const measure = (text: string, tone: LabelTone): number => {
    const key = `${tone} ${text}`;
    let w = widths.get(key);
    if (w === undefined && context) {
      if (widths.size >= MOST_MEASURED) widths.clear();
      setFont(context, tone, text);
      w = Math.ceil(context.measureText(text).width);
      widths.set(key, w);
    }
    return w ?? 0;
  };

  return {
    resize(nextWidth, nextHeight, pixelRatio) {
      width = nextWidth;
      height = nextHeight;
      ratio = pixelRatio;
      canvas.width = Math.max(1, Math.round(width * ratio));
      canvas.height = Math.max(1, Math.round(height * ratio));
    },
    clear() {
      context?.clearRect(0, 0, canvas.width, canvas.height);
    },
    draw({ project, rangeM, renderMs, locale, day }) {
      if (!context) return 0;
      const wishes = source.collect({ project, rangeM, renderMs, locale, width, height }, measure);
      const placed = placeLabels(wishes, width, height, shown, source.obstacles);
      const inks = day > 0.6 ? DAY : NIGHT;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      context.textBaseline = 'middle';
      context.lineJoin = 'round';
      const next = new Map<string, LabelSide>();
      for (const p of placed) {
        const wish = p.wish as TextWish;
        next.set(wish.id, p.side);
        const ink = inks[wish.tone];
        setFont(context, wish.tone, wish.text);
        const y = p.top + LINE_PX[wish.tone] / 2;
        context.lineWidth = wish.tone === 'town' ? 4.5 : 3.5;
        context.strokeStyle = ink.halo;
        context.strokeText(wish.text, p.left, y);
        context.fillStyle = ink.fill;
        context.fillText(wish.text, p.left, y);
      }
      shown = next;
      return placed.length;
    },
  };
}

/** Han characters breathe with some space between them; Latin letters fall apart. */
function setFont(context: CanvasRenderingContext2D, tone: LabelTone, text: string): void {
  context.font = FONT[tone];
  context.letterSpacing = /\p{Script=Han}/u.test(text) ? (SPACING[tone] ?? '0px') : '0px';
}
