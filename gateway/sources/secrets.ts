import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../appError.ts';

/** A secret is named, not written: `{"env": "NAME"}`. `{"clear": "..."}` is for those who ask for it, e.g. in a test. */
export const secretSchema = z.union(
  [
    z.strictObject({ env: z.string().regex(/^[A-Z_][A-Z0-9_]*$/, 'expected the name of an environment variable') }),
    z.strictObject({ clear: z.string() }),
  ],
  { error: 'a secret is written {"env": "NAME"} and kept in the environment, or {"clear": "..."} to keep it in this file' },
);
export type Secret = z.infer<typeof secretSchema>;

export const tlsSchema = z.strictObject({
  caFile: z.string().min(1).optional().describe('PEM; replaces the system’s authorities'),
  certFile: z.string().min(1).optional(),
  keyFile: z.string().min(1).optional(),
  serverName: z.string().min(1).optional().describe('Name in the server’s certificate, where it is not the one in the address'),
});
export type TlsOptions = z.infer<typeof tlsSchema>;
/** As node:tls takes them. */
export interface TlsFiles {
  ca?: string;
  cert?: string;
  key?: string;
  servername?: string;
}

/** @throws AppError when the environment lacks it. */
export function readSecret(secret: Secret, env: Readonly<Record<string, string | undefined>>, at: string): string {
  if ('clear' in secret) return secret.clear;
  const value = env[secret.env];
  if (value === undefined || value === '') throw new AppError('noSecret', `${at}: the environment variable ${secret.env} is not set`);
  return value;
}

/** @param directory What relative paths start from. @throws AppError when a file cannot be read. */
export function readTlsFiles(options: TlsOptions, directory: string, at: string): TlsFiles {
  const read = (key: 'caFile' | 'certFile' | 'keyFile'): string | undefined => {
    const file = options[key];
    if (file === undefined) return undefined;
    try {
      return readFileSync(isAbsolute(file) ? file : join(directory, file), 'utf8');
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
      throw new AppError('badTlsFile', `${at}: ${key}: ${file} cannot be read (${code})`, { cause });
    }
  };
  const [ca, cert, key] = [read('caFile'), read('certFile'), read('keyFile')];
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(options.serverName === undefined ? {} : { servername: options.serverName }),
  };
}
