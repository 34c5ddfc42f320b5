import type { MediaFault, MediaFaultCode } from './mediaFault.ts';

/** What media did since the page was loaded, for the Diagnostics panel. Plain numbers; read them at 2 Hz. */
export interface MediaCounters {
  attached: number;
  detached: number;
  callsStarted: number;
  callsEnded: number;
  faults: Partial<Record<MediaFaultCode, number>>;
  /** The newest last; bounded. `subject` is a protocol, camera or unit id. */
  recentFaults: { code: MediaFaultCode; message: string; subject: string }[];
}

const KEPT_FAULTS = 20;

/** One page has one set of screens and one desk, so there is one set of counters. */
export const mediaCounters: MediaCounters = { attached: 0, detached: 0, callsStarted: 0, callsEnded: 0, faults: {}, recentFaults: [] };

/** An aborted attempt is no fault. */
export function countFault(fault: MediaFault, subject: string): void {
  if (fault.code === 'aborted') return;
  mediaCounters.faults[fault.code] = (mediaCounters.faults[fault.code] ?? 0) + 1;
  mediaCounters.recentFaults.push({ code: fault.code, message: fault.message, subject });
  if (mediaCounters.recentFaults.length > KEPT_FAULTS) mediaCounters.recentFaults.shift();
}
