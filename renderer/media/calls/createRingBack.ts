/**
 * The tone that a caller hears while the far end rings: 450 Hz, 1 s on and 4 s off (ITU-T E.180 supplement 2, China).
 * Quiet, made by WebAudio, silent where audio is not allowed to play.
 */
export function createRingBack(): { start(): void; stop(): void; dispose(): void } {
  const TONE_HZ = 450;
  const ON_S = 1;
  const PERIOD_S = 5;
  /** A ring that nobody answers ends long before. */
  const LONGEST_S = 120;
  const LEVEL = 0.04;
  let audio: AudioContext | null = null;
  let stopTone: (() => void) | null = null;

  const stop = () => {
    stopTone?.();
    stopTone = null;
    // A suspended context uses no audio thread; a new one per call would run into the browser's limit.
    if (audio?.state === 'running') audio.suspend().catch(() => (audio = null));
  };
  return {
    start() {
      stop();
      if (typeof AudioContext === 'undefined') return;
      audio ??= new AudioContext();
      if (audio.state === 'suspended') audio.resume().catch(() => (audio = null));
      const tone = audio.createOscillator();
      const level = audio.createGain();
      tone.frequency.value = TONE_HZ;
      level.gain.value = 0;
      const t0 = audio.currentTime + 0.05;
      for (let t = 0; t < LONGEST_S; t += PERIOD_S) {
        level.gain.setTargetAtTime(LEVEL, t0 + t, 0.02);
        level.gain.setTargetAtTime(0, t0 + t + ON_S, 0.02);
      }
      tone.connect(level).connect(audio.destination);
      tone.start(t0);
      stopTone = () => {
        tone.stop();
        tone.disconnect();
        level.disconnect();
      };
    },
    stop,
    dispose() {
      stop();
      audio?.close().catch(() => {});
      audio = null;
    },
  };
}
