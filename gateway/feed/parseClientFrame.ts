import { clientFrames, PROTOCOL_VERSION } from '../../protocol/frames/client.ts';
import type { ClientFrame } from '../../protocol/frames/client.ts';
import type { ErrorCode } from '../../protocol/frames/server.ts';
import { firstIssue } from '../desk/firstIssue.ts';
import { LIMITS } from './feedSettings.ts';

export interface FrameFault {
  code: ErrorCode;
  path: string | null;
  message: string;
}

const schemas = new Map<string, (typeof clientFrames)[number]>(clientFrames.map((schema) => [schema.shape.frame.value, schema]));
const PATH_LENGTH = 200;

/** The first place where a value is too deep or a string or key too long; recursion ends at the allowed depth. */
function limitFault(value: unknown, path: string, depth: number): FrameFault | null {
  if (typeof value === 'string') {
    if (value.length <= LIMITS.maxStringLength) return null;
    return { code: 'tooLarge', path, message: `string of ${value.length} is longer than ${LIMITS.maxStringLength}` };
  }
  if (typeof value !== 'object' || value === null) return null;
  if (depth > LIMITS.maxDepth) return { code: 'tooDeep', path, message: `nested deeper than ${LIMITS.maxDepth}` };
  const isArray = Array.isArray(value);
  for (const [key, item] of Object.entries(value)) {
    if (key.length > LIMITS.maxStringLength) return { code: 'tooLarge', path, message: `key of ${key.length} is too long` };
    const inner = (isArray ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`).slice(0, PATH_LENGTH);
    const fault = limitFault(item, inner, depth + 1);
    if (fault) return fault;
  }
  return null;
}

/** Decodes and checks one text frame of a client (rules P-08 and P-09). Never throws. */
export function parseClientFrame(bytes: Buffer): { frame: ClientFrame } | { fault: FrameFault } {
  if (bytes.length > LIMITS.maxUpBytes) {
    return { fault: { code: 'tooLarge', path: null, message: `frame of ${bytes.length} bytes is larger than ${LIMITS.maxUpBytes}` } };
  }
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    return { fault: { code: 'badJson', path: null, message: (error as Error).message.slice(0, 300) } };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { fault: { code: 'badFrame', path: null, message: 'a frame is one JSON object' } };
  }
  const tooMuch = limitFault(value, '', 1);
  if (tooMuch) return { fault: tooMuch };
  const { frame: name } = value as { frame?: unknown };
  const schema = typeof name === 'string' ? schemas.get(name) : undefined;
  if (!schema)
    return {
      fault: { code: 'badFrame', path: 'frame', message: `unknown frame ${JSON.stringify(name)?.slice(0, 80) ?? 'without a name'}` },
    };
  if (name === 'hello' && (value as { v?: unknown }).v !== PROTOCOL_VERSION) {
    return { fault: { code: 'badVersion', path: 'v', message: `this server speaks version ${PROTOCOL_VERSION}` } };
  }
  const parsed = schema.safeParse(value);
  return parsed.success ? { frame: parsed.data } : { fault: { code: 'badField', ...firstIssue(parsed.error, '') } };
}
