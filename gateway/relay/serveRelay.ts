import { defaultFeedSettings } from '../feed/feedSettings.ts';
import type { FeedSettings } from '../feed/feedSettings.ts';
import { createAdmission } from '../http/admission.ts';
import { newToken, openDoor } from '../http/openDoor.ts';
import type { DoorOptions, Gateway } from '../http/openDoor.ts';
import { createClock } from '../clock.ts';
import { createVitals } from '../vitals/createVitals.ts';
import { createRelay } from './createRelay.ts';
import type { Upstream } from './createRelayedConnection.ts';

export interface ServeRelayOptions extends Pick<DoorOptions, 'town' | 'host' | 'port' | 'rendererDirectory'> {
  upstream: Upstream;
  /** Null makes a random one. */
  token: string | null;
  allowOrigins: readonly string[];
  feed?: Partial<FeedSettings>;
}

/** A town whose events come from a backend that speaks the protocol. @throws the error of `listen` when the port cannot be had. */
export async function serveRelay(options: ServeRelayOptions): Promise<Gateway> {
  const token = options.token ?? newToken();
  const admission = createAdmission({ token, host: options.host, allowOrigins: options.allowOrigins });
  const vitals = createVitals({ clock: createClock() });
  const relay = createRelay({ upstream: options.upstream, admission, settings: { ...defaultFeedSettings, ...options.feed } });
  try {
    return await openDoor({
      ...options,
      token,
      admission,
      feed: relay,
      vitals,
      exportFile: null,
      intakeDoors: null,
      health: () => ({ relay: new URL(options.upstream.url).host }),
      onClose: async () => {
        await relay.close();
        vitals.dispose();
      },
    });
  } catch (error) {
    await relay.close();
    vitals.dispose();
    throw error;
  }
}
