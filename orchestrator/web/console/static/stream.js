// A page's changes: server-sent events, handed over together before a paint, however many come.

const link = document.getElementById("link");

function say(on) {
  if (!link) return;
  link.hidden = false;
  link.dataset.on = on ? "1" : "0";
  const words = on ? "live" : "reconnecting";
  if (link.textContent !== words) link.textContent = words;
}

const LOOKED_AWAY = 5000; // milliseconds after which a page that nobody sees lets go of its stream: browsers open six a site

/**
 * Calls `apply(changes)` with every change since the last call, and `resumed` when somebody looks again at a page
 * that had let go. Returns what closes the stream.
 */
export function follow(address, apply, resumed = () => {}) {
  let source = null;
  let away = 0;
  let closed = false;
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
  const open = () => {
    source = new EventSource(address);
    source.addEventListener("open", () => say(true));
    source.addEventListener("error", () => say(false));
    source.addEventListener("changes", (event) => {
      waiting.push(JSON.parse(event.data));
      plan();
    });
  };
  const letGo = () => {
    source?.close();
    source = null;
  };
  const turn = () => {
    clearTimeout(away);
    if (closed) return;
    if (document.hidden) away = setTimeout(letGo, LOOKED_AWAY);
    else if (source === null) {
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
  addEventListener("pageshow", turn);
  open();
  return close;
}

/** The first element of markup that the server made. */
export function element(markup) {
  const holder = document.createElement("template");
  holder.innerHTML = markup.trim();
  return holder.content.firstElementChild;
}
