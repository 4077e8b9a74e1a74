"""What an answer can be asked to be: each check gives the value that is kept, or None.

Number words and names of months are English. Spoken and typed answers are read alike.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from orchestrator.core.choices import words_of
from orchestrator.core.numbers import E164

Check = Callable[[str, dt.date], str | None]
_UNITS = "zero one two three four five six seven eight nine"
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_DIGITS = {word: str(value) for value, word in enumerate(_UNITS.split())} | {"oh": "0", "o": "0"}
_VALUES = (
    {word: value for value, word in enumerate(_UNITS.split())}
    | {word: value for value, word in enumerate(_TEENS.split(), 10)}
    | {word: value * 10 for value, word in enumerate(_TENS.split(), 2)}
)
_SCALES = {"hundred": 100, "thousand": 1000}
_MONTH_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTHS = {name: month for month, name in enumerate(_MONTH_NAMES.split(), 1)}
_AGREEING = "yes yeah yep yup sure ok okay correct right exactly absolutely y true indeed affirmative fine"
_REFUSING = "no nope nah not wrong incorrect n never false negative dont"
_YES, _NO = frozenset(_AGREEING.split()), frozenset(_REFUSING.split())


def yes_or_no(said: str) -> str | None:
    """`yes` or `no`; None for both, neither, or a long answer that happens to hold one."""
    words = words_of(said)
    yes, no = bool(_YES & set(words)), bool(_NO & set(words))
    if len(words) > 8 or not (yes or no):
        return None
    return "no" if no else "yes"


def _yes_no(said: str, _: dt.date) -> str | None:
    return yes_or_no(said)


def _any(said: str, _: dt.date) -> str | None:
    return said.strip() or None


def _digits(said: str, _: dt.date) -> str | None:
    """All digits in the words, as `12-34`, `1 2 3 4` or `one two double three`."""
    found, times = "", 1
    for word in words_of(said):
        if word in {"double", "triple"}:
            times = 2 if word == "double" else 3
            continue
        digits = word if re.fullmatch(r"[0-9]+", word) else _DIGITS.get(word, "")
        found += digits[:1] * (times - 1) + digits
        times = 1
    return found or None


def _number(said: str, _: dt.date) -> str | None:
    """One number: `12`, `-3.5`, `1,200`, `twenty five`."""
    figures = re.findall(r"(?<![\w.])-?[0-9]{1,15}(?:,[0-9]{3})*(?:\.[0-9]{1,9})?(?![\w])", said)
    if len(figures) == 1:
        return str(figures[0]).replace(",", "")
    return None if figures else _number_words(words_of(said))


def _number_words(words: list[str]) -> str | None:
    total, current, seen = 0, 0, False
    for word in words:
        if word in _VALUES:
            current, seen = current + _VALUES[word], True
        elif word in _SCALES and seen:
            current *= _SCALES[word]
            total, current = (total + current, 0) if word == "thousand" else (total, current)
    return str(total + current) if seen else None


def _email(said: str, _: dt.date) -> str | None:
    """An address, also as it is spoken: `ana dot b at example dot com`."""
    text = said.strip().rstrip(".").lower()
    if "@" not in text:
        text = re.sub(r"\s+(dot|point)\s+", ".", re.sub(r"\s+at\s+", "@", text))
    found = re.findall(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+", text)
    return str(found[0]) if len(found) == 1 else None


def _phone(said: str, _: dt.date) -> str | None:
    compact = re.sub(r"[\s().-]", "", said)
    found = re.search(r"\+[0-9]{7,15}", compact)
    return E164.maybe(found[0]) if found else None


def _date(said: str, today: dt.date) -> str | None:
    """A day as `2026-12-24`, from figures, a month's name, or `today` and `tomorrow`."""
    words = words_of(said)
    for name, days in (("today", 0), ("tomorrow", 1), ("yesterday", -1)):
        if name in words:
            return (today + dt.timedelta(days=days)).isoformat()
    return _figures(said, today) or _named_month(words, today)


def _figures(said: str, today: dt.date) -> str | None:
    found = re.search(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b", said)
    if found:
        return _day(int(found[1]), int(found[2]), int(found[3]))
    found = re.search(r"\b(\d{1,2})([./])(\d{1,2})[./](\d{4})?", said)
    if not found:
        return None
    first, second, year = int(found[1]), int(found[3]), int(found[4] or today.year)
    # 24.12. is day first; 12/24 month first, unless that is no month
    month, day = (first, second) if found[2] == "/" and first <= 12 else (second, first)
    return _day(year, month, day)


def _named_month(words: list[str], today: dt.date) -> str | None:
    months = [_MONTHS[word[:3]] for word in words if word[:3] in _MONTHS and word.isalpha()]
    numbers = [int(found[1]) for word in words if (found := re.fullmatch(r"(\d{1,4})(?:st|nd|rd|th)?", word))]
    days = [number for number in numbers if number <= 31]
    years = [number for number in numbers if number >= 1900]
    if len(months) != 1 or len(days) != 1:
        return None
    return _day(years[0] if years else today.year, months[0], days[0])


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None


CHECKS: dict[str, Check] = {
    "any": _any,
    "digits": _digits,
    "number": _number,
    "date": _date,
    "email": _email,
    "phone": _phone,
    "yes_no": _yes_no,
}
"""The names that `like` takes."""


def check(said: str, like: str, pattern: str, today: dt.date) -> str | None:
    """The value to keep, or None if the answer is not what was asked for."""
    value = CHECKS[like](said, today)
    if value is None or (pattern and not re.fullmatch(pattern, value[:2000], re.IGNORECASE)):
        return None
    return value
