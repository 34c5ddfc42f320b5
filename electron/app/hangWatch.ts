/**
 * Ends a page that stopped answering. @param limitMs how long it may stay silent: Cesium's first frame in software can block for seconds.
 * @param kill ends the page's process; what follows is the business of whoever hears that it is gone.
 */
export function createHangWatch(limitMs: number, kill: () => void) {
  let timer: NodeJS.Timeout | undefined;
  return {
    hung(): void {
      clearTimeout(timer);
      timer = setTimeout(kill, limitMs);
    },
    /** The page answers again, or is gone by itself: the one that is loaded after it must not be killed for its silence. */
    over: (): void => clearTimeout(timer),
  };
}
