// A page's changes: server-sent events, handed over together before a paint, however many come.

const link = document.getElementById("link");

function say(on) {
  if (!link) return;
  link.hidden = false;
  link.dataset.on = on ? "1" : "0";
  const words = on ? "live" : "reconnecting";
  if (link.textContent !== words) link.textContent = words;
}

/** Calls `apply(changes)` with every change since the last call. Returns what closes the stream. */
export function follow(address, apply) {
  const source = new EventSource(address);
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
  source.addEventListener("open", () => say(true));
  source.addEventListener("error", () => say(false));
  source.addEventListener("changes", (event) => {
    waiting.push(JSON.parse(event.data));
    plan();
  });
  addEventListener("pagehide", () => source.close());
  return () => source.close();
}

/** The first element of markup that the server made. */
export function element(markup) {
  const holder = document.createElement("template");
  holder.innerHTML = markup.trim();
  return holder.content.firstElementChild;
}
