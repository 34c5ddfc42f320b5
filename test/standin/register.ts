// node --import ./test/standin/register.ts dist/main/main.js: `electron` is the stand-in, for import and require alike.
import { registerHooks } from 'node:module';

const standin = new URL('./electron.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) => next(specifier === 'electron' || specifier === 'electron/main' ? standin : specifier, context),
});
