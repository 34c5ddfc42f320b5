/** The part of rbush 4 that is used here; the package brings no types. */
declare module 'rbush' {
  interface Box {
    minX: number;
    minY: number;
    maxX: number;
    maxY: number;
  }
  export default class RBush<T extends Box> {
    load(items: readonly T[]): this;
    search(box: Box): T[];
  }
}
