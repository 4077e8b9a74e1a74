// Erasing a customer: the number is typed twice, for it cannot be undone.

import { complain, post, toast } from "./acting.js";

document.querySelector("[data-erase]")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const plain = (text) => text.replaceAll(" ", "");
  const number = plain(form.elements.number.value);
  if (number !== plain(form.elements.again.value)) {
    complain(form, "The numbers differ.");
    return;
  }
  try {
    const told = await post(`/console/customers/${encodeURIComponent(number)}/erase`, {});
    complain(form, "");
    form.reset();
    toast(`Erased: ${told.sessions} session${told.sessions === 1 ? "" : "s"}${told.opt_out_kept ? "; the opt-out is kept" : ""}.`);
  } catch (error) {
    complain(form, error.message);
  }
});
