import { describe, expect, it } from 'vitest';
import { mediaCounters } from '../../../../renderer/media/mediaCounters.ts';
import { MediaFault } from '../../../../renderer/media/mediaFault.ts';
import { findPlayer, players } from '../../../../renderer/media/players/index.ts';
import { callProtocols, findCallProtocol } from '../../../../renderer/media/calls/index.ts';

describe('the lists of protocols', () => {
  it('finds the embedded player and call protocol', () => {
    expect(findPlayer('synthetic').protocol).toBe('synthetic');
    expect(findCallProtocol('sim:ce07').protocol).toBe('sim');
    expect(new Set(players.map((p) => p.protocol)).size).toBe(players.length);
    expect(new Set(callProtocols.map((p) => p.protocol)).size).toBe(callProtocols.length);
  });

  it('says and counts which player is missing', () => {
    const before = mediaCounters.faults.noPlayer ?? 0;
    expect(() => findPlayer('whep', [])).toThrow(new MediaFault('noPlayer', 'no player for whep in this build'));
    expect(mediaCounters.faults.noPlayer).toBe(before + 1);
    expect(mediaCounters.recentFaults.at(-1)).toMatchObject({ code: 'noPlayer', subject: 'whep' });
  });

  it('keeps no more than twenty recent faults', () => {
    for (let i = 0; i < 50; i++) expect(() => findPlayer(`p${i}`, [])).toThrow();
    expect(mediaCounters.recentFaults).toHaveLength(20);
  });

  it('refuses an address without a known scheme', () => {
    for (const address of ['tel:110', 'ce07', '']) expect(() => findCallProtocol(address)).toThrow(/no call agent/);
  });
});
