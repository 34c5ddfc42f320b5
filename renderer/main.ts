import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { deskIdentity } from './deskIdentity.ts';
import { createFeedClient } from './feed/feedClient.ts';
import { fetchTown } from './fetchTown.ts';
import { catalogueTexts, createWallI18n } from './i18n/index.ts';
import { createRecordSaver } from './saveRecord.ts';
import { showStartFault } from './showStartFault.ts';
import { useFaultStore } from './state/faultStore.ts';
import { installFeed } from './state/installFeed.ts';
import { useReplayStore } from './state/replayStore.ts';
import { useTrackStore } from './state/trackStore.ts';
import { useTownStore } from './state/townStore.ts';
import { useUiStore } from './state/uiStore.ts';
import './theme/index.css';
import { loadFonts } from './theme/loadFonts.ts';
import { readWallConfig } from './wallConfig.ts';
import { watchFaults } from './watchFaults.ts';

/** Text on a canvas is drawn with the face that is there at that moment, so the wall waits for its font, but not for ever. */
const FONTS_WITHIN_MS = 2000;

async function start(host: HTMLElement): Promise<void> {
  const pinia = createPinia();
  const ui = useUiStore(pinia);
  const townStore = useTownStore(pinia);
  const watchApp = watchFaults(window, window.wanglou, useFaultStore(pinia).add);

  const found = await readWallConfig({ bridge: window.wanglou, href: location.href });
  if (!found.ok) {
    window.wanglou?.log('error', `${found.code}: ${found.message}`);
    showStartFault(host, found.code, found.message, ui.locale);
    return;
  }
  const { feedUrl, gatewayUrl, token } = found.config;
  const leaving = new AbortController();
  // Feed, town and fonts come at the same time; the wall stands as soon as it can draw text, and fills as they arrive.
  const desk = deskIdentity(() => sessionStorage);
  const feed = createFeedClient({ url: feedUrl, token, desk });
  const installed = installFeed(pinia, feed);
  const save = createRecordSaver({ url: gatewayUrl, token, deskId: desk.id });
  useTrackStore(pinia).saveWith(save.tracks);
  useReplayStore(pinia).saveWith(save.clip);
  feed.start();
  void fetchTown(gatewayUrl, leaving.signal, { trouble: (trouble) => void (townStore.trouble = trouble) }).then((town) => {
    townStore.town = town;
    townStore.trouble = null;
  });
  addEventListener('pagehide', () => {
    leaving.abort();
    installed.dispose();
    feed.dispose();
  });
  // A page that comes back from the history cache has let go of everything above.
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });
  await Promise.race([loadFonts(catalogueTexts()), new Promise((late) => setTimeout(late, FONTS_WITHIN_MS))]);

  const app = createApp(App, { tracks: feed.tracks, deskId: desk.id }).use(pinia).use(createWallI18n(ui.locale));
  watchApp(app);
  app.mount(host);
}

void start(document.getElementById('app')!);
