// What every page has: keys, theme, dialogs, and the module of the page itself.

import "./time.js";

const page = document.body.dataset.page;
const own = { live: "./live.js", session: "./session.js", records: "./records.js", phone: "./phone.js", letters: "./letters.js" }[page];
(own ? import(own) : Promise.resolve()).then(() => {
  // what needs the script cannot be used before it is there: no click is lost
  for (const control of document.querySelectorAll("[data-until-ready]")) control.disabled = false;
});

for (const field of document.querySelectorAll("[data-here]")) {
  field.value = location.pathname + location.search;
}

// on a narrow window the pages are a strip: the present one is in sight
const here = document.querySelector(".bar nav [aria-current]");
if (here) here.closest("nav").scrollLeft = here.offsetLeft - here.closest("nav").offsetLeft - 24;

function dark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function switchTheme() {
  const next = dark() ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  localStorage.setItem("tandem-theme", next);
}

document.querySelector("[data-theme-switch]")?.addEventListener("click", switchTheme);
const keys = document.getElementById("keys");
document.querySelector("[data-keys-open]")?.addEventListener("click", () => keys.showModal());
for (const button of document.querySelectorAll("[data-open]")) {
  button.addEventListener("click", () => document.getElementById(button.dataset.open).showModal());
}

const places = { l: "/console/", p: "/console/phone", t: "/console/texts", f: "/console/flow", d: "/console/dead-letters", r: "/console/records", s: "/console/settings" };

function rows() {
  return [...document.querySelectorAll("table.list tbody tr a:first-of-type")].filter((link) => link.closest("td:first-child"));
}

function move(by) {
  const links = rows();
  const at = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
  const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by));
  links[next]?.focus();
}

let waitsForPlace = 0;
addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.closest?.("input:not([type=range],[type=checkbox]), textarea, select");
  if (event.key === "Escape" && typing) typing.blur();
  if (typing || document.querySelector("dialog[open]")) return;
  if (waitsForPlace > Date.now() && places[event.key]) {
    waitsForPlace = 0;
    const link = document.querySelector(`.bar nav a[href="${places[event.key]}"]`);
    if (link) location.assign(link.href);
    return;
  }
  waitsForPlace = 0;
  const done = {
    "/": () => document.querySelector('input[type="search"]')?.focus(),
    "?": () => keys?.showModal(),
    t: switchTheme,
    g: () => { waitsForPlace = Date.now() + 1500; },
    j: () => move(1),
    k: () => move(-1),
    "[": () => document.querySelector("[data-back]")?.click(),
    "]": () => document.querySelector("[data-forth]")?.click(),
  }[event.key];
  if (!done) return;
  event.preventDefault();
  done();
});
