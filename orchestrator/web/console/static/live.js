// The live list: rows change in place as things happen; the filter is in the address.

import { complain, post, toast } from "./acting.js";
import { element, follow } from "./stream.js";
import { setNow, tick } from "./time.js";

const form = document.querySelector("[data-filter]");
const list = document.querySelector("[data-list]");
let close = () => {};

function query() {
  const given = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value) given.set(name, value);
  const cursor = new URLSearchParams(location.search).get("cursor");
  if (cursor) given.set("cursor", cursor);
  return given;
}

function put(table, id, markup) {
  const body = table.tBodies[0];
  const old = body.querySelector(`tr[data-id="${CSS.escape(id)}"]`);
  if (markup === null) {
    old?.remove();
    return;
  }
  const row = element(`<table><tbody>${markup}</tbody></table>`).querySelector("tr");
  const focused = old?.contains(document.activeElement);
  if (table.dataset.first === "1" && old !== body.rows[0]) {
    old?.remove();
    body.prepend(row);
    if (!old) row.classList.add("fresh");
  } else if (old) {
    old.replaceWith(row);
  }
  if (focused) row.querySelector("a")?.focus();
}

function apply(changes) {
  const table = list.querySelector("table");
  const latest = new Map();
  for (const change of changes) {
    setNow(change.now);
    for (const [id, markup] of Object.entries(change.rows)) {
      latest.delete(id);
      latest.set(id, markup);
    }
    for (const [name, number] of Object.entries(change.counts ?? {})) {
      const place = document.querySelector(`[data-count="${name}"]`);
      place.textContent = number;
      place.nextElementSibling.textContent = number === 1 ? name.slice(0, -1) : name;
      if (name === "errors") place.parentElement.classList.toggle("bad", number > 0);
    }
  }
  const away = changes.findLast((change) => change.away !== undefined);
  if (away) list.querySelector("[data-away]").innerHTML = away.away;
  for (const [id, markup] of latest) put(table, id, markup);
  const body = table.tBodies[0];
  while (body.rows.length > Number(table.dataset.pageSize)) body.rows[body.rows.length - 1].remove();
  list.querySelector("[data-empty]").hidden = body.rows.length > 0;
  tick(list);
}

function listen() {
  close();
  const given = query();
  given.set("after", list.querySelector("table").dataset.place);
  close = follow(`/console/stream?${given}`, apply, () => query().has("cursor") || refilter());
}

let asked = 0;
async function refilter() {
  const mine = ++asked;
  const given = query();
  given.delete("cursor");
  history.replaceState(null, "", `/console/${given.size ? `?${given}` : ""}`);
  const answer = await fetch(`/console/parts?${given}`, { headers: { Accept: "text/html" } });
  if (mine !== asked || !answer.ok) return;
  list.innerHTML = await answer.text();
  for (const link of document.querySelectorAll(".filter .files a")) {
    link.search = given.size ? `?${given}` : "";
  }
  tick(list);
  listen();
}

let soon = 0;
form.addEventListener("input", (event) => {
  clearTimeout(soon);
  soon = setTimeout(refilter, event.target.type === "search" ? 200 : 0);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  refilter();
});

const begin = document.getElementById("begin");
begin?.querySelector("form").addEventListener("submit", async (event) => {
  if (event.submitter?.value !== "go") return;
  event.preventDefault();
  const given = Object.fromEntries(new FormData(event.target));
  const body = { assistant: given.assistant, to: given.to };
  if (given.how === "messages" && given.text.trim()) body.text = given.text;
  try {
    const told = await post(`/console/${given.how}`, body);
    location.assign(`/console/sessions/${told.session_id}`);
  } catch (error) {
    complain(begin, error.message);
    toast(error.message, true);
  }
});

// What was typed before this script was there counts, too.
if (query().get("q") !== new URLSearchParams(location.search).get("q")) refilter();
else listen();
