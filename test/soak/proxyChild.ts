import { openFaultProxy } from '../support/faultProxy.ts';

/** `node proxyChild.ts PORT TARGET`: a fault proxy that can be killed and frozen; `proxyProcess.ts` starts it and tells it what to do. */
export type ProxyWish = 'cut' | 'refuse' | 'pass';

const [port, target] = process.argv.slice(2).map(Number);
const proxy = await openFaultProxy(() => target!, port);
process.on('message', (wish: ProxyWish) => {
  if (wish === 'cut') proxy.cut();
  else proxy.mode = wish;
});
process.on('disconnect', () => process.exit(0));
process.send!('listening');
