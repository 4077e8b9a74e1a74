// How many places and segments a text takes, by the rules of `orchestrator.core.segments`, for the counter under
// a text that is being written.

const PLAIN = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const ESCAPED = "\f^{}\\[~]|€";
const plain = new Set(PLAIN);
const escaped = new Set(ESCAPED);
const clusters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function septets(char) {
  return plain.has(char) ? 1 : escaped.has(char) ? 2 : 0;
}

/** {units, room, segments, encoding}: `room` is how many units the segments hold. */
export function measure(text) {
  const isPlain = [...text].every(septets);
  const sizes = isPlain
    ? [...text].map(septets)
    : Array.from(clusters.segment(text), ({ segment }) => segment.length);
  const [alone, joined] = isPlain ? [160, 153] : [70, 67];
  const units = sizes.reduce((sum, size) => sum + size, 0);
  let segments = 1;
  if (units > alone) {
    let used = 0;
    for (const size of sizes) {
      if (used + size > joined) {
        segments += 1;
        used = 0;
      }
      used += size;
    }
  }
  return { units, segments, room: segments === 1 ? alone : segments * joined, encoding: isPlain ? "GSM-7" : "UCS-2" };
}
