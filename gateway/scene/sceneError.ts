/** A scene that cannot be served. The message is one line, `file: field: reason`, fit to be printed as it is. */
export class SceneError extends Error {
  override readonly name = 'SceneError';
  readonly file: string;
  /** Path of the field in the file, e.g. `roads[3].line[0]`; empty when the file as a whole is at fault. */
  readonly path: string;
  readonly reason: string;

  constructor(file: string, path: string, reason: string, cause?: unknown) {
    super([file, path, reason].filter((part) => part !== '').join(': '), { cause });
    this.file = file;
    this.path = path;
    this.reason = reason;
  }
}
