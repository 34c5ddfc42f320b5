/** One measured figure beside its budget. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** Upper bound, or null where the figure only informs. */
  budget: number | null;
  how: string;
}

/** Prints the figures and returns whether every budget is kept. */
export function printFigures(title: string, figures: readonly Figure[]): boolean {
  console.log(`\n${title}`);
  const width = Math.max(...figures.map((f) => f.name.length));
  for (const f of figures) {
    const verdict = f.budget === null ? '' : f.value <= f.budget ? `within ${f.budget} ${f.unit}` : `OVER ${f.budget} ${f.unit}`;
    console.log(`  ${f.name.padEnd(width)}  ${f.value.toFixed(2).padStart(10)} ${f.unit.padEnd(6)} ${verdict.padEnd(18)} ${f.how}`);
  }
  return figures.every((f) => f.budget === null || f.value <= f.budget);
}
