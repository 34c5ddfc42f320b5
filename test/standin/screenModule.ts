import type * as Electron from 'electron';
import { strict } from './strict.ts';
import { Emitter, needReady, world } from './world.ts';

export interface StandinDisplay {
  id: number;
  x: number;
  y: number;
  width: number;
  height: number;
}
/** Height of the pretended task bar. */
const BAR = 40;

type Display = Pick<Electron.Display, 'id' | 'label' | 'bounds' | 'workArea' | 'scaleFactor'>;

class Screen extends Emitter {
  private displays: Display[] = [];

  /** Plugs displays in and out; the first is the primary. */
  plug(next: readonly StandinDisplay[]): void {
    const before = this.displays;
    this.displays = next.map(({ id, ...bounds }) => ({
      id,
      label: `standin-${id}`,
      bounds,
      workArea: { ...bounds, y: bounds.y + BAR, height: bounds.height - BAR },
      scaleFactor: 1,
    }));
    if (!world.isReady) return;
    for (const display of this.displays) {
      const known = before.find(({ id }) => id === display.id);
      if (known === undefined) this.emit('display-added', {}, display);
      else if (JSON.stringify(known.bounds) !== JSON.stringify(display.bounds))
        this.emit('display-metrics-changed', {}, display, ['bounds', 'workArea']);
    }
    for (const display of before) if (!this.displays.some(({ id }) => id === display.id)) this.emit('display-removed', {}, display);
  }
  getAllDisplays(): Display[] {
    needReady('screen');
    return this.displays;
  }
  getPrimaryDisplay(): Display {
    needReady('screen');
    const [primary] = this.displays;
    // With every display off, Chromium reports an invalid one instead of none.
    return (
      primary ?? {
        id: -1,
        label: '',
        bounds: { x: 0, y: 0, width: 0, height: 0 },
        workArea: { x: 0, y: 0, width: 0, height: 0 },
        scaleFactor: 1,
      }
    );
  }
}

export const screenState = new Screen();
screenState.plug(JSON.parse(process.env['STANDIN_DISPLAYS'] ?? '[{"id":1,"x":0,"y":0,"width":1280,"height":720}]') as StandinDisplay[]);
export const screen = strict('screen', screenState) satisfies Partial<Record<keyof Electron.Screen, unknown>>;
