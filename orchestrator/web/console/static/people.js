// The strip of customers above the handset: how each stands, and the dialog that adds one.

import { complain, post } from "./acting.js";

/** Lets a state show its word: shape and colour follow. */
export function light(place, word) {
  place.dataset.word = word;
  place.querySelector("use").setAttribute("href", `#s-${word}`);
}

/** Returns what shows how everybody stands. */
export function strip(root) {
  const { number, assistant } = root.dataset;
  const one = (selector) => root.querySelector(selector);
  const address = (whom, far) => `/console/phone?${new URLSearchParams({ number: whom, assistant: far })}`;

  function show(people) {
    for (const told of people) {
      const link = one(`[data-person="${CSS.escape(told.number)}"]`);
      if (!link) {
        one(".people ul").append(newPerson(told));
        continue;
      }
      stand(link, told);
    }
  }

  function stand(link, told) {
    light(link.querySelector(".state"), told.state);
    link.querySelector("[data-person-word]").textContent = told.state;
    link.querySelector("[data-person-rings]").hidden = !told.ringing;
  }

  function newPerson(told) {
    const item = one(".people li").cloneNode(true);
    const link = item.querySelector("a");
    link.href = address(told.number, assistant);
    link.dataset.person = told.number;
    link.removeAttribute("aria-current");
    link.querySelector("b").textContent = told.name || told.number;
    stand(link, told);
    return item;
  }

  one("[data-far]")?.addEventListener("change", (event) => {
    location.assign(address(number, event.target.value));
  });
  const dialog = document.getElementById("person");
  dialog?.querySelector("form").addEventListener("submit", async (event) => {
    if (event.submitter?.value !== "go") return;
    event.preventDefault();
    const { name, number: typed, withheld } = Object.fromEntries(new FormData(event.target));
    const given = { name, number: withheld ? "anonymous" : typed };
    try {
      const told = await post("/console/phone/people", given);
      location.assign(address(told.number, assistant));
    } catch (error) {
      complain(dialog, error.message);
    }
  });

  dialog?.querySelector("[name=withheld]").addEventListener("change", (event) => {
    dialog.querySelector("[name=number]").disabled = event.target.checked;
  });

  return show;
}
