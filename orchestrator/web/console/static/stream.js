// A page's changes: server-sent events, handed over together before a paint, however many come.

const link = document.getElementById("link");

function say(words) {
  if (!link) return;
  link.hidden = false;
  link.dataset.on = words === "live" ? "1" : "0";
  if (link.textContent !== words) link.textContent = words;
}

const LOOKED_AWAY = 5000; // milliseconds after which a page that nobody sees lets go of its stream
const SLOTS = 4; // streams of a browser that stay open: over HTTP/1.1 it opens six connections a site, and pages need some
const PEEK = 1500; // milliseconds between two looks of a page beyond those
const AGAIN = 3000; // milliseconds until a stream that was refused is asked for again

/** Takes one of the browser's streams: a function that gives it back, or null where all are taken. */
async function slot() {
  if (!navigator.locks) return () => {};
  for (let number = 0; number < SLOTS; number += 1) {
    const free = await new Promise((told) => {
      navigator.locks.request(`tandem-stream-${number}`, { ifAvailable: true }, (lock) => (lock ? new Promise(told) : told(null)));
    });
    if (free) return free;
  }
  return null;
}

/** Whether the service still knows who looks: it sends others to the sign-in. */
async function isKnown() {
  try {
    const answer = await fetch(location.href, { method: "HEAD", redirect: "manual", headers: { Accept: "text/html" } });
    return answer.type !== "opaqueredirect";
  } catch {
    return true; // the service is away
  }
}

/**
 * Calls `apply(changes)` with every change since the last call, and `resumed` when the page had let go of its stream, or
 * lost it, and has it again. Returns what closes the stream.
 */
export function follow(address, apply, resumed = () => {}) {
  let source = null;
  let free = null;
  let away = 0;
  let next = 0;
  let opened = 0;
  let closed = false;
  let lost = false;
  let place = "";
  let waiting = [];
  let planned = false;
  const flush = () => {
    planned = false;
    const changes = waiting;
    waiting = [];
    apply(changes);
  };
  const plan = () => {
    if (planned) return;
    planned = true;
    if (document.hidden) setTimeout(flush, 1000);
    else requestAnimationFrame(flush);
  };
  const letGo = () => {
    opened += 1;
    clearTimeout(next);
    source?.close();
    source = null;
    free?.();
    free = null;
  };
  const later = (wait) => {
    letGo();
    next = setTimeout(open, wait);
  };
  const whole = () => {
    const [path, query] = address.split("?");
    const given = new URLSearchParams(query);
    if (place) given.set("after", place);
    return `${path}?${given}`;
  };
  const refused = async () => {
    if (await isKnown()) return;
    letGo();
    closed = true;
    say("signed out");
  };
  const open = async () => {
    const mine = (opened += 1);
    const given = await slot();
    if (mine !== opened || closed) {
      given?.();
      return;
    }
    free = given;
    source = new EventSource(whole());
    source.addEventListener("open", () => {
      say("live");
      if (lost) resumed();
      lost = false;
    });
    source.addEventListener("error", () => {
      say("reconnecting");
      lost = true;
      if (source?.readyState !== EventSource.CLOSED) return; // it comes back by itself
      later(AGAIN);
      refused();
    });
    source.addEventListener("changes", (event) => {
      place = event.lastEventId || place;
      waiting.push(JSON.parse(event.data));
      plan();
      if (free === null) later(PEEK);
    });
  };
  const turn = () => {
    clearTimeout(away);
    if (closed) return;
    if (document.hidden) away = setTimeout(letGo, LOOKED_AWAY);
    else if (source === null) {
      letGo();
      open();
      resumed();
    }
  };
  const close = () => {
    closed = true;
    clearTimeout(away);
    letGo();
  };
  document.addEventListener("visibilitychange", turn);
  addEventListener("pagehide", letGo);
  addEventListener("pageshow", (event) => event.persisted && turn());
  open();
  return close;
}

/** The first element of markup that the server made. */
export function element(markup) {
  const holder = document.createElement("template");
  holder.innerHTML = markup.trim();
  return holder.content.firstElementChild;
}
