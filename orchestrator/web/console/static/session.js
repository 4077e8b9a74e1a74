// One session: new lines as they come, the parts that they change, the scrubber, and the actions.

import { complain, post, toast } from "./acting.js";
import { follow } from "./stream.js";
import { setNow, tick } from "./time.js";
import "./again.js";

const root = document.querySelector("[data-session]");
const id = root.dataset.session;
const log = root.querySelector("[data-rows]");
const slider = root.querySelector("[data-step]:is(input)");
const where = root.querySelector("[data-where]");
const facts = root.querySelector("[data-context]");
const words = document.getElementById("words");
let present = root.dataset.state;
const shown = new Map();

// Context --------------------------------------------------------------------------------------
function contextNow() {
  return JSON.parse(root.querySelector("[data-context-now]").content.textContent);
}

function contextAt(step) {
  const context = {};
  for (const line of log.querySelectorAll("[data-changes]")) {
    if (Number(line.dataset.step) > step) break;
    for (const [key, sides] of Object.entries(JSON.parse(line.dataset.changes))) {
      if ("to" in sides) context[key] = sides.to;
      else delete context[key];
    }
  }
  return context;
}

function drawContext(context, changed) {
  facts.replaceChildren(
    ...Object.entries(context).sort(([one], [other]) => one.startsWith("_") - other.startsWith("_")).map(([key, value]) => {
      const entry = document.createElement("div");
      const name = document.createElement("dt");
      const content = document.createElement("dd");
      name.textContent = key;
      content.textContent = typeof value === "string" ? value : JSON.stringify(value);
      entry.classList.toggle("changed", changed.has(key));
      entry.append(name, content);
      return entry;
    }),
  );
  if (!facts.children.length) {
    const entry = document.createElement("div");
    const nothing = document.createElement("dd");
    nothing.textContent = "empty";
    const name = document.createElement("dt");
    name.textContent = "–";
    entry.append(name, nothing);
    facts.append(entry);
  }
}

// History --------------------------------------------------------------------------------------
const last = () => Number(slider.max);
const atEnd = () => Number(slider.value) === last();

function light(state) {
  for (const node of root.querySelectorAll(".node[data-state]")) {
    if (node.dataset.state === state) node.setAttribute("aria-current", "true");
    else node.removeAttribute("aria-current");
  }
  center(root.querySelector('.node[aria-current="true"]'));
}

/** On a narrow screen the drawing is wider than its window: the state that is lit stands in its middle. */
function center(node) {
  const paper = root.querySelector('[data-part="states"]');
  if (!node || paper.scrollWidth <= paper.clientWidth) return;
  const place = node.getBoundingClientRect();
  paper.scrollLeft += place.left + place.width / 2 - paper.getBoundingClientRect().left - paper.clientWidth / 2;
}

function show() {
  const step = Number(slider.value);
  const now = atEnd();
  let state = "idle";
  const changed = new Set();
  for (const line of log.children) {
    const at = Number(line.dataset.step);
    line.classList.toggle("later", at > step);
    line.classList.toggle("at", !now && at === step);
    if (at <= step) state = line.dataset.state;
    if (at === step && line.dataset.changes) Object.keys(JSON.parse(line.dataset.changes)).forEach((key) => changed.add(key));
  }
  light(now ? present : state);
  drawContext(now ? contextNow() : contextAt(step), changed);
  root.querySelector("[data-context-at]").textContent = now ? "" : `at step ${step}`;
  where.textContent = `step ${step}/${last()}`;
  if (!now) log.querySelector(`[data-step="${step}"]`)?.scrollIntoView({ block: "nearest" });
}

function step(by) {
  slider.value = Number(slider.value) + by;
  show();
}

slider.addEventListener("input", show);
root.querySelector("[data-back]").addEventListener("click", () => step(-1));
root.querySelector("[data-forth]").addEventListener("click", () => step(1));

// Changes --------------------------------------------------------------------------------------
function apply(changes) {
  const followed = atEnd();
  const low = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  for (const change of changes) {
    if (change.rows.trim()) {
      const holder = document.createElement("template");
      holder.innerHTML = change.rows;
      for (const line of [...holder.content.children]) {
        if (log.querySelector(`[data-line="${CSS.escape(line.dataset.line)}"]`)) line.remove();
      }
      log.append(holder.content);
    }
    slider.max = Math.max(1, change.steps);
    present = change.state;
  }
  const newest = changes[changes.length - 1];
  setNow(newest.now);
  for (const [name, words] of Object.entries(newest.sent)) {
    const place = log.querySelector(`[data-text="${CSS.escape(name)}"]`);
    if (place && place.textContent !== words) place.textContent = words;
  }
  for (const [name, markup] of Object.entries(newest.parts)) {
    if (shown.get(name) === markup) continue;
    shown.set(name, markup);
    root.querySelector(`[data-part="${name}"]`).innerHTML = markup;
  }
  if (followed) slider.value = slider.max;
  show();
  tick(root);
  if (followed && low) log.scrollTop = log.scrollHeight;
}

// Actions --------------------------------------------------------------------------------------
const FIELDS = {
  switch_channel: [
    { name: "to", label: "To", choices: ["sms", "voice"] },
    { name: "text", label: "Text to send first (to SMS)" },
    { name: "say", label: "Say first (to SMS)" },
    { name: "keep_call", label: "Keep the call up", check: true },
  ],
  transfer: [
    { name: "to", label: "Number or sip: address", needed: true },
    { name: "say", label: "Say first" },
  ],
  hang_up: [{ name: "say", label: "Say first" }],
  end: [{ name: "say", label: "Say first" }],
  take_over: [],
  release: [],
  set_context: [{ name: "context", label: "JSON to merge; null deletes a key", value: "{}", json: true }],
};
const WITH_WORDS = { send_text: "text", ask_for_text: "text", say: "text" };
const ask = document.getElementById("ask");

function field(entry) {
  const label = document.createElement("label");
  const input = document.createElement(entry.choices ? "select" : entry.json ? "textarea" : "input");
  input.name = entry.name;
  input.id = `ask-${entry.name}`;
  if (entry.check) input.type = "checkbox";
  for (const choice of entry.choices ?? []) input.append(new Option(choice, choice));
  if (entry.value) input.value = entry.value;
  input.required = Boolean(entry.needed);
  label.htmlFor = input.id;
  label.textContent = entry.label;
  return [label, input];
}

function open(action, name) {
  ask.dataset.action = action;
  ask.querySelector("h2").textContent = `${name}?`;
  ask.querySelector("[data-fields]").replaceChildren(...FIELDS[action].flatMap(field));
  if (action === "switch_channel") ask.querySelector("select").value = present === "text_only" ? "voice" : "sms";
  complain(ask, "");
  ask.showModal();
}

async function act(body) {
  const told = await post(`/console/sessions/${id}/actions`, body);
  toast(`Done in state ${told.state}.`);
}

root.querySelector('[data-part="actions"]').addEventListener("click", async (event) => {
  const button = event.target.closest("[data-action]");
  if (!button) return;
  const action = button.dataset.action;
  if (!(action in WITH_WORDS)) {
    open(action, button.textContent);
    return;
  }
  const said = words.value.trim();
  if (!said) {
    words.focus();
    toast("Write the words first.", true);
    return;
  }
  try {
    await act({ action, [WITH_WORDS[action]]: said });
    words.value = "";
  } catch (error) {
    toast(error.message, true);
  }
});

ask.querySelector("form").addEventListener("submit", async (event) => {
  if (event.submitter?.value !== "go") return;
  event.preventDefault();
  const body = { action: ask.dataset.action };
  try {
    for (const entry of FIELDS[body.action]) {
      const input = event.target.elements[entry.name];
      if (entry.check) {
        if (input.checked) body[entry.name] = true;
      } else if (input.value.trim()) body[entry.name] = entry.json ? JSON.parse(input.value) : input.value.trim();
    }
    await act(body);
    ask.close();
  } catch (error) {
    complain(ask, error instanceof SyntaxError ? "That is not JSON." : error.message);
  }
});

for (const part of root.querySelectorAll("[data-part]")) shown.set(part.dataset.part, part.innerHTML);
log.scrollTop = log.scrollHeight;
show();
follow(`/console/sessions/${id}/stream?after=${encodeURIComponent(root.dataset.last)}`, apply);
