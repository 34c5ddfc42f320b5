import { expect, it } from 'vitest';
import type { Point } from '../../../../../renderer/map/localFrame.ts';
import { cutLine } from '../../../../../renderer/map/town/cutLine.ts';

const line: Point[] = [
  [0, 0],
  [100, 0],
  [100, 50],
];

it('cuts a part out of a line, with the corners in it', () => {
  expect(cutLine(line, 20, 120)).toEqual([
    [20, 0],
    [100, 0],
    [100, 20],
  ]);
  expect(cutLine(line, 110, 130)).toEqual([
    [100, 10],
    [100, 30],
  ]);
  expect(cutLine(line, 0, 150)).toEqual(line);
});
it('ends where the line ends, and has nothing beyond it', () => {
  expect(cutLine(line, 140, 900)).toEqual([
    [100, 40],
    [100, 50],
  ]);
  expect(cutLine(line, 151, 900).length).toBeLessThan(2);
  expect(cutLine([], 0, 10)).toEqual([]);
});
it('parts that follow each other meet in one point', () => {
  expect(cutLine(line, 0, 37.5).at(-1)).toEqual(cutLine(line, 37.5, 150)[0]);
});
