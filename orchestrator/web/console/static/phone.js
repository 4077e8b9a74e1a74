// A customer's handset: what it does goes to the simulated carrier, what it sees comes as events.

import { post, toast } from "./acting.js";
import { light, strip } from "./people.js";
import { pictures } from "./pictures.js";
import { measure } from "./segments.js";
import { follow } from "./stream.js";
import { now, setNow, tick } from "./time.js";
import { voice } from "./voice.js";

const root = document.querySelector("[data-phone]");
const { number, assistant } = root.dataset;
const mayAct = "mayAct" in root.dataset;
const one = (selector) => root.querySelector(selector);
const say = one("[data-say]").elements.words;
const body = one("[data-write]").elements.body;
const fail = one("[data-fail]");
let wantsFloor = false; // the caller's next move is to speak: the cursor goes there once the call is up
let arming = Promise.resolve();

{ // the address names whose phone this is, so that it is the same one after a reload
  const here = new URL(location.href);
  here.searchParams.set("number", number);
  history.replaceState(null, "", here);
}

// Acts -----------------------------------------------------------------------------------------
async function act(action, given = {}) {
  await arming;
  return post("/console/phone/acts", { number, assistant, action, ...given });
}

/** Does it, and tells what went wrong; whether it was done. */
async function tried(doing) {
  try {
    await doing;
    return true;
  } catch (error) {
    toast(error.message, true);
    return false;
  }
}

async function speak(words) {
  if (!words) return;
  say.value = "";
  if (!(await tried(act("say", { words }))) && !say.value) say.value = words;
}
one("[data-say]").addEventListener("submit", (event) => {
  event.preventDefault();
  speak(say.value.trim());
});
const spoken = voice(root, speak);

let attached = 0;
const album = pictures(root, (many) => {
  attached = many;
  count();
});

function send() {
  const text = body.value.trim();
  if (!text && !attached) return;
  const taken = album.take();
  body.value = "";
  count();
  tried(act("text", { body: text, pictures: taken.map(({ id }) => id) })).then((sent) => {
    if (sent) return;
    album.putBack(taken);
    if (!body.value) body.value = text;
    count();
  });
}

one("[data-write]").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
body.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});

function count() {
  const size = measure(body.value);
  const more = size.segments > 1 ? ` · ${size.segments} segments` : "";
  one("[data-units]").textContent = `${size.units}/${size.room}`;
  one("[data-encoding]").textContent = attached ? `MMS, ${attached} picture${attached > 1 ? "s" : ""}` : `${size.encoding}${more}`;
}
body.addEventListener("input", count);

for (const button of root.querySelectorAll("[data-act]")) {
  button.addEventListener("click", () => {
    const action = button.dataset.act;
    wantsFloor = action === "call" || action === "answer";
    if (action === "hang_up" || action === "drop") body.focus();
    tried(act(action));
  });
}

const KEYS_APART = 700; // milliseconds; keys pressed closer together are one number
let keys = "";
let keysDone = 0;
for (const button of root.querySelectorAll("[data-key]")) {
  button.addEventListener("click", () => {
    keys += button.dataset.key;
    clearTimeout(keysDone);
    keysDone = setTimeout(() => {
      const pressed = keys;
      keys = "";
      tried(act("press", { keys: pressed }));
    }, KEYS_APART);
  });
}

fail.addEventListener("change", () => {
  arming = tried(post("/console/phone/faults", fail.value === "late" ? { late: Number(fail.dataset.slow) } : { code: Number(fail.value) }));
});

for (const button of root.querySelectorAll("[data-move]")) {
  button.addEventListener("click", async () => {
    const by = button.dataset.move;
    const given = by === "timer" ? { number, assistant } : { seconds: Number(by) };
    root.classList.add("moves");
    await tried(post("/console/phone/clock", given).then((told) => setNow(told.now)));
    root.classList.remove("moves");
    showClock();
    tick(root);
  });
}

// What the phone sees --------------------------------------------------------------------------
function put(lane, markup) {
  const log = one(`[data-lane="${lane}"]`);
  const holder = document.createElement("template");
  holder.innerHTML = markup;
  for (const line of [...holder.content.children]) {
    if (log.querySelector(`[data-line="${CSS.escape(line.dataset.line)}"]`)) line.remove();
  }
  if (lane === "voice") for (const line of holder.content.querySelectorAll(".bot .said span")) spoken.reads(line.textContent);
  log.append(holder.content);
  log.scrollTop = log.scrollHeight;
}

function mark(marks) {
  for (const [id, told] of Object.entries(marks)) {
    const place = one(`[data-line="${CSS.escape(id)}"] [data-mark]`);
    if (!place) continue;
    place.classList.toggle("bad", told.bad);
    place.firstElementChild.textContent = told.sign;
    place.lastElementChild.textContent = told.words;
  }
}

const title = document.title;
function showCall(told) {
  document.title = told.ringing ? `☎ rings: ${title}` : title; // for who looks at another tab
  if (!told.calling) spoken.hush();
  const how = one("[data-call]");
  how.dataset.call = told.ringing ? "ringing" : told.calling ? "up" : "none";
  one("[data-call-word]").textContent = told.ringing ? "rings" : told.calling ? "live" : "no call";
  const since = one("[data-call-since]");
  since.hidden = !told.calling;
  since.dateTime = told.since ?? "";
  since.toggleAttribute("data-lasts", told.calling);
  for (const button of root.querySelectorAll("[data-in-call]")) button.disabled = !told.calling || !mayAct;
  for (const button of root.querySelectorAll("[data-when-ringing]")) button.hidden = !told.ringing || !mayAct;
  const call = one('[data-act="call"]');
  call.disabled = told.calling || told.ringing || !mayAct || "never" in call.dataset;
  if (told.calling && wantsFloor) {
    wantsFloor = false;
    say.focus();
  }
}

function showTimer(timer) {
  const place = one("[data-timer]");
  const button = one('[data-move="timer"]');
  button.disabled = "never" in button.dataset || !timer;
  if (!timer) {
    place.textContent = "no timer runs";
    return;
  }
  const time = document.createElement("time");
  time.dateTime = timer.due_at;
  time.dataset.left = "";
  place.replaceChildren(`${timer.name} in `, time);
}

let shownSession = "";
function apply(changes) {
  for (const change of changes) {
    for (const [lane, markup] of Object.entries(change.lines)) put(lane, markup);
    mark(change.marks);
  }
  const told = changes[changes.length - 1];
  setNow(told.now);
  showCall(told);
  showTimer(told.timer);
  showPeople(told.people);
  const state = one("[data-now]");
  const word = state.querySelector("[role=status]");
  light(state, told.word);
  if (word.textContent !== told.word) word.textContent = told.word;
  if (document.activeElement !== fail) fail.value = told.failing ? String(told.failing) : told.delaying ? "late" : "0";
  if (shownSession !== told.session) {
    shownSession = told.session;
    one("[data-session-part]").innerHTML = told.session;
  }
  showClock();
  tick(root);
}

const showPeople = strip(root);

// Clock ----------------------------------------------------------------------------------------
const clock = one("[data-clock]");
const format = new Intl.DateTimeFormat("en-GB", { timeZone: clock.dataset.zone, timeStyle: "medium" });
const day = new Intl.DateTimeFormat("en-GB", { timeZone: clock.dataset.zone, weekday: "short", day: "numeric", month: "short" });
function showClock() {
  const at = new Date(now());
  clock.dateTime = at.toISOString();
  clock.textContent = format.format(at);
  one("[data-day]").textContent = `${day.format(at)} ${clock.dataset.zone}`;
}
setInterval(showClock, 1000);

for (const log of root.querySelectorAll(".log")) log.scrollTop = log.scrollHeight;
count();
showClock();
tick(root);
follow(`/console/phone/stream?${new URLSearchParams({ number, assistant, after: root.dataset.after })}`, apply);
