/** Pulses of a priority: how many, how high, how long and how far apart. Low ones are deep and single, the critical one is a fast triple. */
interface Tone {
  hz: number;
  pulses: number;
  pulseS: number;
  gapS: number;
  level: number;
}
const TONES: Readonly<Record<number, Tone>> = {
  1: { hz: 988, pulses: 3, pulseS: 0.16, gapS: 0.1, level: 0.16 },
  2: { hz: 784, pulses: 2, pulseS: 0.2, gapS: 0.16, level: 0.12 },
  3: { hz: 587, pulses: 1, pulseS: 0.3, gapS: 0, level: 0.09 },
  4: { hz: 392, pulses: 1, pulseS: 0.2, gapS: 0, level: 0.06 },
};
const RISE_S = 0.012;

export interface AlarmTones {
  /** @param priority 1 critical to 4 low. Silent where audio is not allowed to play. */
  play(priority: number): void;
  dispose(): void;
}

/** One sound per priority, made by WebAudio, told apart by number, height and length. */
export function createAlarmTones(openAudio: () => AudioContext | null = openPageAudio): AlarmTones {
  let audio: AudioContext | null = null;
  return {
    play(priority) {
      const tone = TONES[priority];
      audio ??= openAudio();
      if (!tone || !audio) return;
      // A page that nobody has touched may not sound: the browser keeps the context suspended, the strip is seen all the same.
      if (audio.state === 'suspended') audio.resume().catch(() => (audio = null));
      const source = audio.createOscillator();
      const level = audio.createGain();
      source.frequency.value = tone.hz;
      level.gain.value = 0;
      const t0 = audio.currentTime + 0.03;
      for (let n = 0; n < tone.pulses; n += 1) {
        const t = t0 + n * (tone.pulseS + tone.gapS);
        level.gain.setTargetAtTime(tone.level, t, RISE_S);
        level.gain.setTargetAtTime(0, t + tone.pulseS, RISE_S);
      }
      source.connect(level).connect(audio.destination);
      source.onended = () => {
        source.disconnect();
        level.disconnect();
      };
      source.start(t0);
      source.stop(t0 + tone.pulses * (tone.pulseS + tone.gapS) + 0.2);
    },
    dispose() {
      audio?.close().catch(() => {});
      audio = null;
    },
  };
}

const openPageAudio = (): AudioContext | null => (typeof AudioContext === 'undefined' ? null : new AudioContext());
