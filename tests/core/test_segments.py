"""Segments of a text, long texts in parts, and look-alikes in GSM-7."""

# ruff: noqa: RUF001 - look-alikes are what is tested
from __future__ import annotations

import itertools
import json
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from orchestrator.core.segments import LONGEST, Measure, contents, fold, folded, measure, parts
from orchestrator.core.segments.clusters import counted, seen

GOLDEN = json.loads(
    (Path(__file__).resolve().parents[1] / "data" / "segments.json").read_text(encoding="utf-8")
)
FAMILY = "👩‍👩‍👧‍👦"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
URL = "https://shop.example/orders/123456?from=sms&lang=en"
SIGNS = "a b . ! ? , é € ^ { ñ я 日 。 😀 – \u0301 \u200d \ufe0f 🏽 👩 🇫 \u0600 \ud83d Mr. yes order \u1100 \u1161"
SPACES = [" ", " ", " ", "\n", "\n\n", "\r\n", "\t", "\u00a0", "\u2028", "\x1c"]
WORDS = st.sampled_from([*SIGNS.split(" "), FAMILY, "🐻‍❄️", "🇫🇷", "e\u0301", URL, *SPACES])
TEXTS = st.lists(WORDS, max_size=400).map("".join) | st.lists(WORDS, max_size=4).map("".join)
ANY = st.text(max_size=300) | TEXTS


def units(text: str) -> int:
    """Characters as the limit of a message counts them."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


# --- counting


def test_counts_are_those_of_the_calculator() -> None:
    """Encoding and the length of each segment are those of Twilio's calculator, for its kept answers."""
    differing = []
    for case in GOLDEN["texts"]:
        taken = measure(case["text"])
        lengths = [len(words) for words in contents(case["text"])]
        if (taken.encoding, taken.segments, lengths) != (case["encoding"], len(lengths), case["segments"]):
            differing.append(case)
    assert len(GOLDEN["texts"]) == 300
    assert not differing, f"{len(differing)}, the first: {differing[0]!a}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Measure("GSM-7", 1, 0, ())),
        ("a" * 160, Measure("GSM-7", 1, 160, ())),
        ("a" * 161, Measure("GSM-7", 2, 161, ())),
        ("a" * 306, Measure("GSM-7", 2, 306, ())),
        ("a" * 307, Measure("GSM-7", 3, 307, ())),
        ("€" * 80, Measure("GSM-7", 1, 160, ())),
        ("€" * 153, Measure("GSM-7", 3, 306, ())),  # 76 in a segment: none is split
        ("\f", Measure("GSM-7", 1, 2, ())),
        ("\r\n" * 80, Measure("GSM-7", 1, 160, ())),
        ("\x1b", Measure("UCS-2", 1, 1, ("\x1b",))),
        ("ç", Measure("UCS-2", 1, 1, ("ç",))),
        ("“a” “b”", Measure("UCS-2", 1, 7, ("“", "”"))),
        ("я" * 70, Measure("UCS-2", 1, 70, ("я",))),
        ("я" * 71, Measure("UCS-2", 2, 71, ("я",))),
        ("€" * 69 + "я", Measure("UCS-2", 1, 70, ("я",))),
        ("😀" * 35, Measure("UCS-2", 1, 70, ("😀",))),
        ("😀" * 67, Measure("UCS-2", 3, 134, ("😀",))),  # 33 in a segment: none is split
        (FAMILY * 12, Measure("UCS-2", 2, 132, (FAMILY,))),
        ("e\u0301", Measure("UCS-2", 1, 2, ("e\u0301",))),
        ("\ud83d", Measure("UCS-2", 1, 1, ("\ud83d",))),
    ],
)
def test_measure(text: str, expected: Measure) -> None:
    """GSM-7 has 160 or 153 places a segment, UCS-2 70 or 67; characters that take several stay whole."""
    assert measure(text) == expected


@given(ANY)
@example("a" + "\u0301" * 500)
def test_segments_hold_the_text(text: str) -> None:
    """The segments together are the text, none is larger than its room, and their number is the count."""
    taken, held = measure(text), contents(text)
    assert "".join(held) == text
    assert len(held) == taken.segments
    room = {("GSM-7", True): 160, ("GSM-7", False): 153, ("UCS-2", True): 70, ("UCS-2", False): 67}
    assert all(measure(words).units <= room[taken.encoding, len(held) == 1] for words in held if words)


@given(ANY)
def test_a_cluster_that_a_reader_sees_is_whole_clusters_of_the_calculator(text: str) -> None:
    """Both ways of telling characters apart cover the text, and each border seen is a border counted."""
    for spans in (counted(text), seen(text)):
        assert "".join(text[start:end] for start, end in spans) == text
    assert {start for start, _ in seen(text)} <= {start for start, _ in counted(text)}


@pytest.mark.parametrize(
    "sign", [FAMILY, SCOTLAND, "🇫🇷", "👍🏽", "🐻‍❄️", "🧑‍🦰", "❤️‍🔥", "1️⃣", "e\u0301", "각", "कि", "กำ", "\r\n"]
)
def test_what_a_reader_sees_as_one_is_one(sign: str) -> None:
    """Emoji of today, flags, accents and syllables are one character each, side by side too."""
    assert seen(sign * 2) == ((0, len(sign)), (len(sign), 2 * len(sign)))


# --- parts


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("", 20, ()),
        (" \n\t", 20, ()),
        ("\u00a0\u2003", 20, ()),
        (" short \n", 20, (" short \n",)),
        ("One two. Three four.", 20, ("One two. Three four.",)),
        ("One two. Three four. Five", 20, ("One two. Three four.", "Five")),
        ("One two. Three four, five", 20, ("One two.", "Three four, five")),
        ("One two, three four, five", 20, ("One two, three four,", "five")),
        ("One two.\nThree four, five", 20, ("One two.", "Three four, five")),
        ("One two\nthree four, five", 20, ("One two", "three four, five")),
        ("One. Two three.\n\nFour. Five. Six.", 22, ("One. Two three.", "Four. Five. Six.")),
        ("Hi.\n\nOne two. Three. Four five six.", 24, ("Hi.\n\nOne two. Three.", "Four five six.")),
        ("See Dr. Smith on Monday at noon", 12, ("See Dr.", "Smith on", "Monday at", "noon")),
        ("Go to see Dr. Smith. He is in", 22, ("Go to see Dr. Smith.", "He is in")),
        ("It is. See Dr. Smith of J. Doe", 18, ("It is.", "See Dr. Smith of", "J. Doe")),
        ("Ok? (Yes.) Then go on, please", 20, ("Ok? (Yes.)", "Then go on, please")),
        ("First we go.\n1. Wash it well", 16, ("First we go.", "1. Wash it well")),
        ("What? yes, it is so. Now then", 24, ("What? yes, it is so.", "Now then")),
        ("One\u00a0two three\u00a0four", 15, ("One\u00a0two", "three\u00a0four")),
        ("あいう。えおか。きくけこ", 9, ("あいう。えおか。", "きくけこ")),
        ("abcdefghijklmnop", 6, ("abcdef", "ghijkl", "mnop")),
        ("見て" * 4 + "https://x.example/ab", 20, ("見て" * 4, "https://x.example/ab")),
        ("x" * 15 + "https://x.example/abcdefghi", 20, ("x" * 15 + "https", "://x.example/abcdefg", "hi")),
        ("😀😀😀😀", 5, ("😀😀", "😀😀")),
        ("🇫🇷🇫🇷🇫🇷", 9, ("🇫🇷🇫🇷", "🇫🇷")),
        ("a" * 18 + FAMILY, 20, ("a" * 18, FAMILY)),
        ("a" * 17 + "🐻‍❄️", 20, ("a" * 17, "🐻‍❄️")),
        ("abcdef  \u0301gh", 7, ("abcdef", " \u0301gh")),
        ("  One two. Three four five  ", 20, ("One two.", "Three four five")),
    ],
)
def test_where_a_text_is_cut(text: str, length: int, expected: tuple[str, ...]) -> None:
    """A cut is at a paragraph, a sentence or a line, a word; else between what a reader sees as characters."""
    assert parts(text, max_segments=10, max_length=length) == expected


def test_a_message_holds_as_much_as_the_carrier_takes() -> None:
    """1600 characters are one message if its segments allow, 1601 are two."""
    assert parts("a" * LONGEST, max_segments=11) == ("a" * 1600,)
    assert [len(part) for part in parts("a" * 1601, max_segments=11)] == [1600, 1]
    assert [len(part) for part in parts("a" * 1600, max_segments=10)] == [1530, 70]
    assert [len(part) for part in parts("я" * 1600, max_segments=10)] == [670, 670, 260]


def test_one_segment_each() -> None:
    """With one segment a message, an emoji shortens its own message only."""
    found = parts("word " * 31 + "word 😀 " + "word " * 31, max_segments=1)
    assert [measure(part).segments for part in found] == [1] * len(found)
    assert [measure(part).encoding for part in found] == ["GSM-7", "UCS-2", "GSM-7"]


@given(TEXTS, st.integers(1, 4), st.integers(2, 40) | st.sampled_from([67, 70, 153, 160, 300, 1600]))
@example("a" * 60 + "\u0301" * 200, 2, 1600)
@example(" \u0301" * 100, 1, 5)
@example("\u0600 " * 100, 1, 5)
@example(" \U0001f3fd", 1, 2)
def test_nothing_is_lost_or_doubled(text: str, max_segments: int, max_length: int) -> None:
    """The parts stand in the text in order, with nothing but white space between, and keep the limits."""
    found = parts(text, max_segments=max_segments, max_length=max_length)
    place = 0
    for part in found:
        assert part.strip()
        assert units(part) <= max_length
        assert measure(part).segments <= max_segments
        start = text.find(part, place)
        assert start >= 0
        assert not text[place:start].strip()
        place = start + len(part)
    assert not text[place:].strip()


@given(TEXTS, st.integers(1, 3), st.sampled_from([40, 70, 160, 1600]))
@example(f"{URL}\U0001f600{URL}", 1, 160)
def test_no_character_and_no_address_is_broken(text: str, max_segments: int, max_length: int) -> None:
    """A cut is a border between characters, and in no address, where these fit a message."""
    found = parts(text, max_segments=max_segments, max_length=max_length)
    whole = [text[start:end] for start, end in seen(text) if not text[start:end].isspace()]
    if all(units(sign) <= 40 for sign in whole):
        held = [part[start:end] for part in found for start, end in seen(part)]
        assert [sign for sign in held if not sign.isspace()] == whole
    words = [word for word in text.split() if URL in word]
    if all(units(word) <= max_length and measure(word).segments <= max_segments for word in words):
        assert sum(part.count(URL) for part in found) == text.count(URL)


@given(TEXTS)
def test_each_message_is_filled(text: str) -> None:
    """Two neighbours that stand in one line and hold no end of a sentence would not fit one message."""
    found = parts(text, max_segments=1, max_length=60)
    for one, other in itertools.pairwise(found):
        together = f"{one} {other.split()[0]}"
        if not set("\n.!?。") & set(together) and not set(one + other) - set("abé€^{ñyesorder, "):
            assert parts(together, max_segments=1, max_length=60) != (together,)


@pytest.mark.parametrize(("max_segments", "max_length"), [(0, 100), (1, 1)])
def test_limits_without_room_are_refused(max_segments: int, max_length: int) -> None:
    """A limit that leaves no room for a character is an error that names both."""
    with pytest.raises(ValueError, match=f"{max_segments} segments and {max_length} characters"):
        parts("a", max_segments=max_segments, max_length=max_length)


@pytest.mark.parametrize(
    "unit", ["a", " ", ". ", "\u0301", "👩\u200d", "🇫", "https://", "\u1100", "\n\n", "👩\u0301", "\u00a0."]
)
def test_time_grows_with_the_length_only(unit: str) -> None:
    """100,000 characters of any kind are cut in seconds, into one segment each."""
    text = f"x{unit * (100_000 // len(unit))}x"
    before = time.process_time()
    parts(text, max_segments=1)
    assert time.process_time() - before < 10


# --- look-alikes


def test_look_alikes_are_those_of_the_carrier() -> None:
    """Every character that Twilio's smart encoding replaces becomes the same words."""
    assert len(GOLDEN["folded"]) == 271
    assert {char: fold(char) for char in GOLDEN["folded"]} == GOLDEN["folded"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“It’s” – 5… «yes»", '"It\'s" - 5... "yes"'),
        ("a\u2011b \u22125", "a-b -5"),
        ("of\ufb01ce\u00ad", "office"),
        ("3×4, 6′ 2″", "3x4, 6' 2\""),
        ("man\u0303ana, A\u030a", "mañana, Å"),
        ("ça vâ, Łódź, Привет, 日本, 😀", "ça vâ, Łódź, Привет, 日本, 😀"),
        (FAMILY, FAMILY),
    ],
)
def test_fold(text: str, expected: str) -> None:
    """Quotes, dashes, dots, ligatures and letters in two parts are folded; other letters and emoji stay."""
    assert fold(text) == expected


@given(ANY)
def test_folding_settles(text: str) -> None:
    """What is folded is not folded again, and a GSM-7 text stays as it is."""
    assert fold(fold(text)) == fold(text)
    if measure(text).encoding == "GSM-7":
        assert fold(text) == text


def test_folded_only_where_it_pays() -> None:
    """A text is folded when that alone makes it GSM-7: not where an emoji or another alphabet stays."""
    assert folded("\u201cIt\u2019s here\u201d \u2013 really\u2026") == '"It\'s here" - really...'
    for stays in ("\u201cIt\u2019s here\u201d \U0001f600", "\u201cЖдём\u201d", "plain", ""):
        assert folded(stays) == stays


def test_folded_leaves_addresses() -> None:
    """A web address stays as it is, and so does a text that only folding its address would make GSM-7."""
    assert folded("See \u2018https://a.example/x\u2019 \u2013 now") == "See 'https://a.example/x' - now"
    address = "https://a.example/caf\u2013e"
    assert folded(f"\u201cSee\u201d {address}") == f"\u201cSee\u201d {address}"
