import { onTestFinished } from 'vitest';
import { createClock } from '../../gateway/clock.ts';
import { serveTown } from '../../gateway/serveTown.ts';
import type { ServeOptions, TownGateway } from '../../gateway/serveTown.ts';
import type { Intake, Order } from '../../gateway/sources/source.ts';
import { makeUnit, straightRouter, tinyTown } from './tinyTown.ts';

export interface TestGateway extends TownGateway {
  intake: Intake;
  orders: Order[];
  faults: unknown[];
}

/** A real gateway on a free port of loopback with the tiny town and a source that the test plays. Closed with the test. */
export async function serveTinyTown(change: Partial<ServeOptions> = {}): Promise<TestGateway> {
  const orders: Order[] = [];
  const faults: unknown[] = [];
  const held: { intake: Intake | null } = { intake: null };
  const gateway = await serveTown({
    town: tinyTown,
    scene: { id: 'tiny/test', townId: 'tiny', title: { zh: '试', en: 'Test' }, simulated: true },
    clock: createClock(),
    router: straightRouter,
    start: { mode: 'routine', leader: { zh: '长', en: 'Leader' }, simulated: true },
    host: '127.0.0.1',
    port: 0,
    token: 'a-test-token',
    allowOrigins: [],
    rendererDirectory: '/nonexistent',
    onFault: (error) => faults.push(error),
    ...change,
    openSource(intake) {
      held.intake = intake;
      for (const id of ['car-1', 'car-2', 'car-3']) intake.unit(makeUnit(id));
      return { order: (order) => orders.push(order), dispose() {} };
    },
  });
  onTestFinished(() => gateway.close());
  return { ...gateway, intake: held.intake!, orders, faults };
}
