/** A failure that a person or a client can do something about. `fatal` ends the process (exit code 2) or the connection. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: string;
  readonly fatal: boolean;
  readonly context: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: { fatal?: boolean; context?: Record<string, unknown>; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.fatal = options.fatal ?? true;
    this.context = options.context ?? {};
  }
}

/** Compile-time proof that a switch is complete; at run time a bug that must not pass unseen. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`);
}
