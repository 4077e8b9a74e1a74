// Requests that act: JSON, the page's word against foreign pages, and a key so that a repeat is done once.

const csrf = document.querySelector('meta[name="csrf"]')?.content ?? "";
let fading = 0;

function key() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Tells a person something for a while; screen readers hear it. */
export function toast(words, bad = false) {
  const place = document.getElementById("toast");
  if (!place) return;
  place.textContent = words;
  place.classList.toggle("bad", bad);
  place.classList.add("shown");
  clearTimeout(fading);
  fading = setTimeout(() => place.classList.remove("shown"), 6000);
}

/** POSTs JSON; the answer, or throws an Error in words for people. */
export function post(address, body) {
  return send(address, "application/json", JSON.stringify(body));
}

/** POSTs a file as it is. */
export function postFile(address, blob) {
  return send(address, blob.type || "application/octet-stream", blob);
}

async function send(address, type, body) {
  let answer;
  try {
    answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": type, "X-CSRF-Token": csrf, "Idempotency-Key": key() },
      body,
    });
  } catch {
    throw new Error("The service does not answer.");
  }
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error([told.detail, told.hint].filter(Boolean).join(" ") || `Refused (${answer.status}).`);
  return told;
}

/** Shows a dialog's refusal inside it, or takes it away. */
export function complain(dialog, words) {
  const place = dialog.querySelector(".alert");
  place.hidden = !words;
  place.textContent = words;
}
