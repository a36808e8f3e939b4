// Rings, key tones and speech. Silent until the person has touched the page, and when muted.

const KEY = "callbridge.phone.sound";
const TONES = {
  1: [697, 1209], 2: [697, 1336], 3: [697, 1477], 4: [770, 1209], 5: [770, 1336], 6: [770, 1477],
  7: [852, 1209], 8: [852, 1336], 9: [852, 1477], "*": [941, 1209], 0: [941, 1336], "#": [941, 1477],
};
const BELLS = { supporter: [660, 880], office: [440, 480] };
const RING_EVERY = 3000;

let audio = null;
let on = localStorage.getItem(KEY) !== "off";
let ringing = null;

export const isOn = () => on;

export function turn(wanted) {
  on = wanted;
  localStorage.setItem(KEY, on ? "on" : "off");
  if (!on) {
    quiet();
    stopRing();
  }
}

for (const gesture of ["pointerdown", "keydown"]) {
  addEventListener(gesture, () => {
    audio ??= new AudioContext();
    if (audio.state === "suspended") audio.resume();
  });
}

function tone(frequencies, { seconds, gain, after = 0 }) {
  if (!on || audio?.state !== "running") return;
  const begin = audio.currentTime + after;
  const volume = audio.createGain();
  volume.gain.setValueAtTime(0, begin);
  volume.gain.linearRampToValueAtTime(gain, begin + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, begin + seconds);
  volume.connect(audio.destination);
  for (const frequency of frequencies) {
    const oscillator = audio.createOscillator();
    oscillator.frequency.value = frequency;
    oscillator.connect(volume);
    oscillator.start(begin);
    oscillator.stop(begin + seconds);
  }
}

export const key = (name) => tone(TONES[name], { seconds: 0.16, gain: 0.05 });

/** Ring for one end, or for none: asked again and again, it starts and stops by itself. */
export function ring(end) {
  if (!end || !on) return stopRing();
  if (ringing?.end === end) return;
  stopRing();
  const bell = () => {
    for (const after of [0, 0.45]) tone(BELLS[end], { seconds: 0.6, gain: 0.06, after });
  };
  bell();
  ringing = { end, timer: setInterval(bell, RING_EVERY) };
}

function stopRing() {
  clearInterval(ringing?.timer);
  ringing = null;
}

/** Speak in the language of the words, after what is being spoken. */
export function speak(text, language) {
  if (!on || !text || !("speechSynthesis" in window)) return;
  const words = new SpeechSynthesisUtterance(text);
  words.lang = language || "en-US";
  const voices = speechSynthesis.getVoices();
  const wanted = words.lang.toLowerCase();
  words.voice =
    voices.find((voice) => voice.lang.toLowerCase() === wanted) ??
    voices.find((voice) => voice.lang.toLowerCase().startsWith(wanted.slice(0, 2))) ??
    null;
  speechSynthesis.speak(words);
}

export function quiet() {
  if ("speechSynthesis" in window) speechSynthesis.cancel();
}
