import { z } from 'zod';

/** An address of one of these schemes, without a name or password in it: those are told apart, and are secrets. */
export const brokerUrlSchema = (schemes: readonly string[]) =>
  z
    .string()
    .max(2000)
    .superRefine((text, context) => {
      const url = URL.canParse(text) ? new URL(text) : null;
      const complain = (message: string): void => context.addIssue({ code: 'custom', message });
      if (!url || !schemes.includes(url.protocol.slice(0, -1)) || url.hostname === '')
        complain(`expected an address like ${schemes[0]}://host:port, with one of ${schemes.join(', ')}`);
      else if (url.username !== '' || url.password !== '')
        complain('a name or password belongs into its own field, never into the address');
    });
