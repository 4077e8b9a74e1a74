// Pictures for the next text: each is handed to the carrier when it is chosen, and named by its id when the text goes.

import { postFile, toast } from "./acting.js";

const MOST = 10;

function readAsData(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(new Error("The file cannot be read."));
    reader.readAsDataURL(file);
  });
}

/** Returns {take, putBack}: `take` gives what is attached and empties the row, `putBack` fills it again. */
export function pictures(root, changed) {
  const row = root.querySelector("[data-attached]");
  const file = root.querySelector("[data-picture-file]");
  let kept = [];

  function show() {
    row.hidden = kept.length === 0;
    row.replaceChildren(
      ...kept.map((one, place) => {
        const item = document.createElement("li");
        const image = document.createElement("img");
        image.src = one.shown;
        image.alt = one.name;
        const away = document.createElement("button");
        away.type = "button";
        away.textContent = "×";
        away.setAttribute("aria-label", `Remove picture ${place + 1}`);
        away.addEventListener("click", () => {
          kept = kept.filter((other) => other !== one);
          show();
        });
        item.append(image, away);
        return item;
      }),
    );
    changed(kept.length);
  }

  async function add(blob, name) {
    try {
      if (kept.length >= MOST) throw new Error(`A text takes ${MOST} pictures.`);
      const { id } = await postFile("/console/phone/pictures", blob);
      kept = [...kept, { id, name, shown: await readAsData(blob) }];
      show();
    } catch (error) {
      toast(error.message, true);
    }
  }

  root.querySelector("[data-picture]").addEventListener("click", () => file.click());
  file.addEventListener("change", async () => {
    for (const one of file.files) await add(one, one.name);
    file.value = "";
  });
  const sample = root.querySelector("[data-sample]");
  sample.addEventListener("click", async () => {
    const answer = await fetch(sample.dataset.sample);
    await add(await answer.blob(), "sample picture");
  });

  return {
    take() {
      const taken = kept;
      kept = [];
      show();
      return taken;
    },
    putBack(taken) {
      kept = [...taken, ...kept];
      show();
    },
  };
}
