/** Electron's members that are not modelled here throw at first use, so that a test never passes on something that was not there. */
export function strict<T extends object>(name: string, modelled: T): T {
  return new Proxy(modelled, {
    get(target, key, receiver) {
      if (typeof key === 'string' && !(key in target) && key !== 'then' && key !== 'toJSON') {
        throw new Error(`stand-in: electron's ${name}.${key} is not modelled`);
      }
      return Reflect.get(target, key, receiver) as unknown;
    },
    set(target, key, value) {
      if (!(key in target)) throw new Error(`stand-in: electron's ${name}.${String(key)} is not modelled`);
      return Reflect.set(target, key, value);
    },
  });
}
