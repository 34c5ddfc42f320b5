/** Units that a sender may use, as factors to ours. The name of a field says which of them fit. */
const byEnding = {
  Mps: { 'm/s': 1, 'km/h': 1 / 3.6, knots: 1852 / 3600, mph: 1609.344 / 3600, 'cm/s': 0.01, '0.1km/h': 1 / 36 },
  Deg: { deg: 1, '1e-5deg': 1e-5, '1e-6deg': 1e-6, '1e-7deg': 1e-7, '0.1deg': 0.1, '0.01deg': 0.01, rad: 180 / Math.PI },
  M: { m: 1, cm: 0.01, km: 1000, ft: 0.3048 },
} as const;

/** The units that fit a field, by its ending: `speedMps` takes `km/h`. */
export function unitsOf(field: string): Readonly<Record<string, number>> {
  for (const [ending, units] of Object.entries(byEnding)) if (field.endsWith(ending)) return units;
  return {};
}
