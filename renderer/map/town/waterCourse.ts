import type { WaterLine } from '../../../protocol/town/town.ts';
import type { LocalFrame, Point } from '../localFrame.ts';
import { toPoints } from '../localFrame.ts';
import { smoothLine } from './geometry.ts';

/** The line that a river is drawn along, bends rounded: houses are planned and lanterns mirrored by this same line. */
export const waterCourse = (frame: LocalFrame, water: WaterLine): Point[] => smoothLine(toPoints(frame, water.line), 2);
