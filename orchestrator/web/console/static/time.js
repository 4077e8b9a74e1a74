// Ages, durations and time left, by the service's clock, which may not be this machine's.

let offset = 0;

export function setNow(unix) {
  if (Number.isFinite(unix)) offset = unix * 1000 - Date.now();
}

/** The service's time in milliseconds. */
export function now() {
  return Date.now() + offset;
}

function span(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  const pad = (n) => String(n).padStart(2, "0");
  if (s >= 3600) return `${Math.floor(s / 3600)}:${pad(Math.floor(s / 60) % 60)}:${pad(s % 60)}`;
  return `${Math.floor(s / 60)}:${pad(s % 60)}`;
}

function age(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${s}s`;
  if (s < 3600) return `${Math.floor(s / 60)}m`;
  if (s < 86400) return `${Math.floor(s / 3600)}h`;
  return `${Math.floor(s / 86400)}d`;
}

export function tick(root = document) {
  const present = now();
  for (const time of root.querySelectorAll("time[data-age], time[data-lasts], time[data-left]")) {
    const at = Date.parse(time.dateTime);
    const words = "age" in time.dataset ? age(present - at) : "lasts" in time.dataset ? span(present - at) : span(at - present);
    if (time.textContent !== words) time.textContent = words;
  }
}

setNow(Number(document.querySelector('meta[name="now"]')?.content));
tick();
setInterval(tick, 1000);
