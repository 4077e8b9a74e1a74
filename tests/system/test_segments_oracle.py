"""Segments against Twilio's published calculator, the npm package `sms-segments-calculator`, in Node.

`python -m tests.system.test_segments_oracle` writes the calculator's answers to a few hundred of the same
texts to `tests/data/segments.json`, against which `make test` holds the counting without Node.
"""

# ruff: noqa: RUF001 - texts of many scripts are what is tested
from __future__ import annotations

import atexit
import json
import random
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from orchestrator.core.segments import contents, fold, measure

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

PACKAGES = ("sms-segments-calculator@1.3.0", "grapheme-splitter@1.0.4")
GOLDEN = Path(__file__).resolve().parents[1] / "data" / "segments.json"
SEED = 20
ASK = """
const { SegmentedMessage } = require('sms-segments-calculator');
const asked = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const words = (segment) => Array.from(segment).filter((c) => c.raw !== undefined).map((c) => c.raw).join('');
const answer = (text) => {
  const message = new SegmentedMessage(text, 'auto', asked.smart);
  return {
    encoding: message.encodingName,
    segments: message.segments.map(words),
    blocking: [...new Set(message.getNonGsmCharacters())],
    text: message.graphemes.join(''),
  };
};
console.log(JSON.stringify(asked.texts.map(answer)));
"""

GSM = [*"abcdefghijklmnopqrstuvwxyz      ABCXYZ0123456789.,!?@$_-'\"()\n", *"éèñüßÇåÆΔΩ¡¿£¥§"]
EXTENSION = [*"^{}\\[~]|€\f"]
ALIKE = [*"“”‘’„–—…•«»´`ç\u00a0\u2009\u200b\u2028", "\t", "\x00", "\x1b", "\u00ad", "\r\n", "\r"]
SYLLABLES = "कि क्ष हि தொ நி కా ಕೊ മോ കാ ก็ กำ ກຳ שָׁ بِّ ကျ းမ ខ្មែ"
HANGUL_IN_PARTS = "각 가 한 각"
SCRIPTS = [
    *"яжЩїαλώőžşđ日本語。中文，かなカナﾊﾟ한국어각ไทยกขשלוםمرحبا܀ꦀ𝒳𠀀𐍈",
    *SYLLABLES.split(),
    *HANGUL_IN_PARTS.split(),
]
MARKS = ["e\u0301", "n\u0303", "a\u0308\u0323", "o\u0302\u0301", "z\u0335\u0336\u0337", "x\u20dd", "я\u0306"]
SEQUENCES = "☀️ ❤️ ✈️ 1️⃣ #️⃣ 👍🏽 ☝🏿 🤷🏼 🧑🏻 👩‍👩‍👧‍👦 👨‍👩‍👦 👩🏾‍🚀 👨‍💻 🤷🏼‍♀️ 🏃‍♂️ 🏳️‍🌈 🏳️‍⚧️ 🐻‍❄️ 🧑‍🦰 ❤️‍🔥 👁️‍🗨️ 👩‍❤️‍💋‍👨 🧑🏽‍🤝‍🧑🏿 🏴‍☠️ 🐈‍⬛"
FLAGS = "🇫🇷 🇩🇪 🇺🇸 🇲🇽 🇯🇵 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
EMOJI = [*"😀👍🎉🔥☀☎❤✈⌚🦄🫠🧑👩👦", *SEQUENCES.split(), *FLAGS.split()]
POOLS = [
    GSM + EXTENSION,
    GSM + EXTENSION,
    GSM * 3 + EXTENSION + ALIKE,
    GSM * 2 + EXTENSION + EMOJI,
    EMOJI,
    EMOJI + MARKS,
    SCRIPTS + MARKS,
    GSM + EXTENSION + ALIKE + SCRIPTS + MARKS + EMOJI,
]
LENGTHS = [0, 1, 5, 30, 66, 67, 70, 71, 134, 153, 160, 161, 200, 306, 320, 480]


def texts(count: int, seed: int = SEED) -> list[str]:
    """Random texts as people could write them: no joiner, tone or mark without what it belongs to."""
    chance = random.Random(seed)  # noqa: S311 - the same texts each time
    return [_text(chance) for _ in range(count)]


def _text(chance: random.Random) -> str:
    pool = chance.choice(POOLS)
    if chance.random() < 0.3:  # few characters, so that one of them meets each segment border
        pool = chance.sample(pool, 3)
    length = max(0, chance.choice(LENGTHS) + chance.randint(-2, 2))
    return "".join(chance.choices(pool, k=length))


@cache
def calculator() -> Path:
    """A folder with the calculator installed; what hinders that is the test's failure."""
    for command in ("node", "npm"):
        if shutil.which(command) is None:
            pytest.fail(
                f"there is no `{command}` here: install Node.js 18 or later with npm (Debian: nodejs npm)"
            )
    folder = Path(tempfile.mkdtemp(prefix="segments-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    options = ("--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder))
    done = subprocess.run(
        ("npm", "install", *options, *PACKAGES), check=False, capture_output=True, text=True, timeout=120
    )
    if done.returncode:
        pytest.fail(f"npm could not install {' '.join(PACKAGES)}:\n{done.stderr[-2000:]}")
    return folder


def ask(words: list[str], *, smart: bool = False) -> list[dict[str, Any]]:
    """The calculator's answers for each text, with smart encoding or without."""
    asked = json.dumps({"texts": words, "smart": smart})
    command = ("node", "--eval", ASK)
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=120, input=asked, cwd=calculator()
    )
    if done.returncode:
        pytest.fail(f"node could not run the calculator:\n{done.stderr[-2000:]}")
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def answered(text: str) -> dict[str, Any]:
    """Our answer for a text, in the shape of the calculator's."""
    taken = measure(text)
    assert taken.segments == len(contents(text))
    return {
        "encoding": taken.encoding,
        "segments": list(contents(text)),
        "blocking": list(taken.blocking),
        "text": text,
    }


def singles() -> list[str]:
    """Every character of the first plane, each a text."""
    return [chr(point) for point in range(0x10000) if not 0xD800 <= point < 0xE000]


def golden() -> dict[str, Any]:
    """What `tests/data/segments.json` holds: texts with the lengths of their segments, and look-alikes."""
    asked = [text for text in texts(2000) if len(text) <= 210][:300]
    cases = [
        {
            "text": text,
            "encoding": answer["encoding"],
            "segments": [len(words) for words in answer["segments"]],
        }
        for text, answer in zip(asked, ask(asked), strict=True)
    ]
    folded = zip(singles(), ask(singles(), smart=True), strict=True)
    return {
        "source": " ".join(PACKAGES),
        "folded": {char: answer["text"] for char, answer in folded if answer["text"] != char},
        "texts": cases,
    }


def test_segments_are_those_of_the_calculator() -> None:
    """Encoding, count, content of each segment and blocking characters of 8,000 texts are the calculator's."""
    asked = texts(8000)
    differing = [
        (text, theirs) for text, theirs in zip(asked, ask(asked), strict=True) if answered(text) != theirs
    ]
    assert not differing, f"{len(differing)} of {len(asked)}, the first: {differing[0]!a}"


def test_look_alikes_are_those_of_smart_encoding() -> None:
    """Every character that the calculator's smart encoding replaces is folded to the same words."""
    differing = [
        (char, theirs["text"], fold(char))
        for char, theirs in zip(singles(), ask(singles(), smart=True), strict=True)
        if theirs["text"] not in {char, fold(char)}
    ]
    assert not differing


def test_folded_texts_are_those_of_smart_encoding() -> None:
    """Texts with quotes, dashes and spaces from a word processor fold to what the calculator counts."""
    chance = random.Random(SEED)  # noqa: S311 - the same texts each time
    pool = [*GSM, *EXTENSION, *json.loads(GOLDEN.read_text(encoding="utf-8"))["folded"], *EMOJI]
    asked = ["".join(chance.choices(pool, k=120)) for _ in range(500)]
    asked = [text.replace("n\u0303", "n") for text in asked]  # ours is ñ: see `fold`
    differing = [
        text
        for text, theirs in zip(asked, ask(asked, smart=True), strict=True)
        if (fold(text), measure(fold(text)).segments) != (theirs["text"], len(theirs["segments"]))
    ]
    assert not differing, f"{len(differing)} of {len(asked)}, the first: {differing[0]!a}"


def test_the_kept_answers_are_todays() -> None:
    """The answers in `tests/data/segments.json` are what the calculator says."""
    assert json.loads(GOLDEN.read_text(encoding="utf-8")) == golden()


def _lines(data: dict[str, Any]) -> str:
    """The file with a line for each text, so that a change shows in one line."""
    cases = ",\n".join(f"    {json.dumps(case)}" for case in data["texts"])
    head = json.dumps({key: data[key] for key in ("source", "folded")}, indent=2)
    return f'{head.removesuffix("}").rstrip()},\n  "texts": [\n{cases}\n  ]\n}}\n'


if __name__ == "__main__":
    GOLDEN.write_text(_lines(golden()), encoding="utf-8")
