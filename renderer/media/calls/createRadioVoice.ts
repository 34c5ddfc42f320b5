import { createRandom, hashText } from '../hash.ts';

/**
 * What a simulated officer "says": phrases of murmured syllables behind a radio's band limit, with pauses, so that level meters move and
 * nobody takes it for speech. A whole minute is scheduled on the audio clock and looped by one timer a minute; between phrases it is silent.
 * Everything ends with `signal`.
 */
export function createRadioVoice(audio: AudioContext, unitId: string, signal: AbortSignal): MediaStream {
  const MINUTE_S = 60;
  const random = createRandom(hashText(unitId));
  const pitchHz = 105 + 90 * random();
  const voice = audio.createOscillator();
  const throat = audio.createBiquadFilter();
  const radio = audio.createBiquadFilter();
  const level = audio.createGain();
  const out = audio.createMediaStreamDestination();
  voice.type = 'sawtooth';
  voice.frequency.value = pitchHz;
  throat.type = 'bandpass';
  throat.Q.value = 3;
  throat.frequency.value = 700;
  // Narrow-band telephony ends at 3.4 kHz (ITU-T G.712).
  radio.type = 'lowpass';
  radio.frequency.value = 3400;
  level.gain.value = 0;
  voice.connect(throat).connect(radio).connect(level).connect(out);
  voice.start();

  const schedule = (fromS: number) => {
    let t = fromS;
    while (t < fromS + MINUTE_S) {
      const syllables = 3 + Math.floor(random() * 7);
      for (let i = 0; i < syllables; i++) {
        const lengthS = 0.12 + 0.14 * random();
        throat.frequency.setTargetAtTime(420 + 900 * random(), t, 0.03);
        voice.frequency.setTargetAtTime(pitchHz * (0.9 + 0.25 * random()), t, 0.05);
        level.gain.setTargetAtTime(0.12, t, 0.02);
        level.gain.setTargetAtTime(0.01, t + lengthS * 0.7, 0.03);
        t += lengthS;
      }
      level.gain.setTargetAtTime(0, t, 0.03);
      t += 0.9 + 3 * random();
    }
    return t;
  };
  let untilS = schedule(audio.currentTime + 0.1);
  const timer = setInterval(() => (untilS = schedule(Math.max(untilS, audio.currentTime))), MINUTE_S * 1000);
  signal.addEventListener(
    'abort',
    () => {
      clearInterval(timer);
      voice.stop();
      for (const node of [voice, throat, radio, level]) node.disconnect();
      out.stream.getTracks().forEach((t) => t.stop());
    },
    { once: true },
  );
  return out.stream;
}
