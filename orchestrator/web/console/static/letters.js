// Dead letters: sent again at once, discarded after a question. The row goes, and the focus to the next one.

import { complain, post, toast } from "./acting.js";

const rows = document.querySelector("table[aria-label='Dead letters'] tbody");
const dialog = document.getElementById("discard");
let chosen = null;

function away(row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  if (next) {
    next.querySelector("button")?.focus();
    return;
  }
  document.querySelector("[data-none]").hidden = false;
  rows.closest(".scroll").hidden = true;
  document.querySelector("[data-heading]").focus();
}

const act = (row, what) => post(`/console/dead-letters/${row.dataset.letter}/${what}`, {});

rows?.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  const row = button?.closest("[data-letter]");
  if (!row) return;
  if ("discard" in button.dataset) {
    chosen = row;
    complain(dialog, "");
    dialog.showModal();
    return;
  }
  button.disabled = true;
  try {
    await act(row, "resend");
    away(row);
    toast("It is tried again.");
  } catch (error) {
    button.disabled = false;
    toast(error.message, true);
  }
});

dialog?.querySelector("form").addEventListener("submit", async (event) => {
  if (event.submitter?.value !== "go") return;
  event.preventDefault();
  try {
    await act(chosen, "discard");
    dialog.close();
    away(chosen);
    toast("Discarded.");
  } catch (error) {
    complain(dialog, error.message);
  }
});
