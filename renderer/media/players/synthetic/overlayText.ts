import type { MediaContext } from '../../mediaContext.ts';
import type { Town } from '../../../../protocol/town/town.ts';
import type { Overlay } from './studioMessage.ts';

/** What is burnt into a simulated picture, as a real body camera does. */
export interface OverlayText {
  id: string;
  who: string;
  when: string;
  where: string;
  mark: string;
}

const pad = (n: number) => String(n).padStart(2, '0');

/** `2026-05-13 14:26:08` on the town's wall clock. */
export function formatTownTime(timeMs: number, utcOffsetMin: number): string {
  const d = new Date(timeMs + utcOffsetMin * 60_000);
  return `${d.getUTCFullYear()}-${pad(d.getUTCMonth() + 1)}-${pad(d.getUTCDate())} ${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}:${pad(d.getUTCSeconds())}`;
}

/** The nearest named place within 600 m, else the road under the camera (`roadName`), else the position. */
export function nameOfPlace(town: Town | null, lonDeg: number, latDeg: number, locale: 'zh' | 'en', roadName: string | null): string {
  const k = Math.cos((latDeg * Math.PI) / 180);
  const metres = (lon: number, lat: number) => Math.hypot((lon - lonDeg) * k, lat - latDeg) * 111_000;
  let best: { name: string; m: number } | null = null;
  for (const place of town?.places ?? []) {
    const m = metres(place.lonDeg, place.latDeg);
    if (m < 600 && (!best || m < best.m)) best = { name: place.name[locale], m };
  }
  return best?.name ?? roadName ?? `${latDeg.toFixed(5)}N ${lonDeg.toFixed(5)}E`;
}

export function overlayTextOf(
  context: MediaContext,
  id: string,
  name: string,
  lonDeg: number,
  latDeg: number,
  roadName: string | null,
): OverlayText {
  return {
    id,
    who: name === id ? id : `${name}  ${id}`,
    when: formatTownTime(context.nowMs(), context.utcOffsetMin()),
    where: nameOfPlace(context.town(), lonDeg, latDeg, context.locale(), roadName),
    mark: context.labels().simulated,
  };
}

/** Draws text with a dark rim once a second on the page, where the fonts of the wall are, and hands the pixels to the studio. */
export function createOverlayPainter(width: number): (text: OverlayText) => Overlay[] {
  const large = width > 400;
  const size = large ? 17 : 15;
  const line = Math.round(size * 1.35);
  const top = document.createElement('canvas');
  top.width = width;
  top.height = line * 2 + 6;
  const g = top.getContext('2d', { willReadFrequently: true })!;
  // A white wall by day must not swallow the words: the picture darkens towards its upper edge.
  const shade = g.createLinearGradient(0, 0, 0, top.height);
  for (const [at, alpha] of [
    [0, 0.62],
    [0.55, 0.42],
    [1, 0],
  ] as const)
    shade.addColorStop(at, `rgba(8,12,16,${alpha})`);
  const write = (text: string, x: number, y: number, align: CanvasTextAlign, colour = 'rgba(245,247,244,0.94)') => {
    g.textAlign = align;
    g.strokeText(text, x, y);
    g.fillStyle = colour;
    g.fillText(text, x, y);
  };
  return (text) => {
    g.clearRect(0, 0, top.width, top.height);
    g.fillStyle = shade;
    g.fillRect(0, 0, top.width, top.height);
    g.font = `500 ${size}px "Noto Sans SC Variable", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif`;
    g.lineWidth = 2.5;
    g.lineJoin = 'round';
    g.strokeStyle = 'rgba(0,0,0,0.55)';
    g.textBaseline = 'top';
    const margin = large ? 12 : 8;
    // A tile has room for the time of day only; the tile's own label bar names the unit.
    write(large ? `${text.when}  ${text.who}` : `${text.when.slice(11)}  ${text.id}`, margin, 5, 'left');
    write(text.mark, width - margin, 5, 'right', 'rgba(255,214,150,0.95)');
    let where = text.where;
    const room = width - 2 * margin;
    while (where.length > 2 && g.measureText(where).width > room) where = `${where.slice(0, -2)}…`;
    write(where, margin, 5 + line, 'left');
    const pixels = g.getImageData(0, 0, top.width, top.height).data.buffer;
    return [{ pixels, width, left: 0, top: 0 }];
  };
}
