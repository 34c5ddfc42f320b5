import type { Weather } from '../../../protocol/messages/index.ts';
import type { Scenario } from '../../scene/scenario.ts';
import type { SeededRandom } from './seededRandom.ts';

/** The station reports every ten minutes. */
export const WEATHER_PERIOD_MS = 600_000;

/** The scenario's weather as a station measures it: the same condition, figures that waver by the hour and the gust. */
export function weatherAt(atMs: number, { weather }: Pick<Scenario, 'weather'>, random: SeededRandom): Omit<Weather, 'rev'> {
  const reading = random.fork(`weather/${Math.floor(atMs / WEATHER_PERIOD_MS)}`);
  return {
    id: 'town',
    ...weather,
    temperatureC: Math.round((weather.temperatureC + reading.between(-0.4, 0.4)) * 10) / 10,
    windMps: Math.round(weather.windMps * reading.between(0.8, 1.25) * 10) / 10,
    windFromDeg: Math.round(weather.windFromDeg + reading.between(-12, 12) + 360) % 360,
    observedAtMs: Math.round(atMs),
    simulated: true,
  };
}
