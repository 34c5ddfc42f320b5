import { MediaFault } from '../mediaFault.ts';
import type { CallProtocol } from './call.ts';
import { simulatedCalls } from './simulatedCalls.ts';

/** A new call protocol is a file and a line here. */
export const callProtocols = [simulatedCalls] as const satisfies readonly CallProtocol[];

/** @param address `scheme:rest`, e.g. `sim:ce07`. @throws MediaFault `noAgent` when this build cannot call it. */
export function findCallProtocol(address: string, list: readonly CallProtocol[] = callProtocols): CallProtocol {
  const scheme = address.slice(0, Math.max(0, address.indexOf(':')));
  const found = list.find((p) => p.protocol === scheme);
  if (!found) throw new MediaFault('noAgent', `no call agent for "${address}" in this build`);
  return found;
}

export type { CallProtocol } from './call.ts';
