// The browser's microphone and voice for the caller, where it has them. Both are off until somebody asks for them.

import { toast } from "./acting.js";

const QUIET = new Set(["aborted", "no-speech"]); // nothing to tell: nobody spoke, or the call is over

/** `heard(words)` is told what was said. Returns {reads, hush}: `reads` what the bot says, `hush` when the call ends. */
export function voice(root, heard) {
  const tongue = globalThis.speechSynthesis;
  const aloud = root.querySelector("[data-aloud]");
  const wanted = aloud.querySelector("input");
  aloud.hidden = !tongue;
  wanted.addEventListener("change", () => {
    if (!wanted.checked) tongue.cancel();
  });

  const Recognition = globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;
  const microphone = root.querySelector("[data-microphone]");
  let ear = null;
  microphone.hidden = !Recognition;
  const shows = (on) => microphone.setAttribute("aria-pressed", on ? "true" : "false");
  const stops = () => {
    ear?.abort();
    ear = null;
    shows(false);
  };
  const listens = () => {
    ear = new Recognition();
    ear.lang = root.dataset.language || document.documentElement.lang;
    ear.onresult = ({ results }) => heard(results[0][0].transcript.trim());
    ear.onerror = ({ error }) => {
      if (!QUIET.has(error)) toast(`The microphone gives no words: ${error}.`, true);
    };
    ear.onend = () => {
      ear = null;
      shows(false);
    };
    tongue?.cancel(); // whoever speaks does not listen to the voice
    shows(true);
    ear.start();
  };
  microphone.addEventListener("click", () => (ear ? stops() : listens()));

  return {
    reads(words) {
      if (tongue && wanted.checked && words) tongue.speak(new SpeechSynthesisUtterance(words));
    },
    hush() {
      stops();
      tongue?.cancel();
    },
  };
}
