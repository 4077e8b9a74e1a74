// Replay: the session is played again, and a dialog tells what differs. An address with #replay asks for it, too.

import { post } from "./acting.js";

const button = document.querySelector("[data-replay]");
const dialog = document.getElementById("again");
const said = dialog?.querySelector("[data-said]");
const told = dialog?.querySelector("[data-told]");
let running = null;

async function play() {
  said.textContent = "Playing the session again…";
  told.replaceChildren();
  dialog.setAttribute("aria-busy", "true");
  try {
    const found = await post(`${location.pathname}/replay`, {});
    told.innerHTML = found.panel;
    said.textContent = found.verdict;
  } catch (error) {
    said.textContent = error.message;
  } finally {
    dialog.removeAttribute("aria-busy");
    running = null;
  }
}

/** Opens the dialog; a replay that runs already is not asked for twice. */
function replay() {
  if (!dialog.open) dialog.showModal();
  running ??= play();
}

button?.addEventListener("click", replay);

function asked() {
  if (!button || location.hash !== "#replay") return;
  history.replaceState(null, "", location.pathname + location.search);  // going back to the page does not ask again
  replay();
}

addEventListener("hashchange", asked);
asked();
