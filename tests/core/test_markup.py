"""Markup to plain words, for texts and for the voice."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from orchestrator.core.markup import as_speech, as_text

TAG = re.compile(r"</?[a-z][\w.-]*( [a-z]+=[^<>]*)?\s*/?>", re.IGNORECASE)
WORDS = """<b> </b> <p> <br/> <ul> <li> </li> </ul> < > & &lt; &amp; a b> <script> </script> <!-- --> <?xml
?> <plaintext> <![CDATA[ ]]> [l](https://x.example) ** &#0; &#xD800; \U0001f600 https://x.example/a </a> </sub>"""
TAGS = [" ", "\n", "<a href='x'>", '<break time="1s"/>', "3 < 4", "<sub alias='x'>"]
PIECES = st.lists(st.sampled_from([*WORDS.split(), *TAGS])).map("".join)
PLAIN = st.text(alphabet=st.sampled_from(list("abc XYZ09.,!?'_*-<>=éß")), max_size=40)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Hello <b>Ana</b>,<br>your order is <i>ready</i>.", "Hello Ana,\nyour order is ready."),
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("<p>One\n  two</p>", "One two"),
        ("one\n\n\n\ntwo", "one\n\ntwo"),
        ("Menu<ul><li>Billing</li><li>Tech</li></ul>Bye", "Menu\n- Billing\n- Tech\nBye"),
        ("<ol start=3><li>a<li>b</ol>", "3. a\n4. b"),
        (
            'See <a href="https://x.example/a?b=1&copy=2">the map</a>.',
            "See the map (https://x.example/a?b=1&copy=2).",
        ),
        ('<a href="https://x.example">https://x.example</a>', "https://x.example"),
        ('<a href="https://www.x.example/">x.example</a>', "x.example"),
        ('<a href="https://x.example"></a>', "https://x.example"),
        ('Call <a href="tel:+15550101234">+1 555 010 1234</a>', "Call +1 555 010 1234"),
        ('Call <a href="tel:+15550101234">us</a>', "Call us (+15550101234)"),
        ('<a href="#top">top</a>', "top"),
        ("[our shop](https://x.example/s)", "our shop (https://x.example/s)"),
        ("**Now** open", "Now open"),
        ('<img src="a.png" alt="A map">', "A map"),
        ("Caf&eacute; &amp; bar&nbsp;&#8364; &lt;3", "Café & bar € <3"),
        ("&lt;b&gt;Hi&lt;/b&gt;", "Hi"),
        ("<script>var a = '<b>';</script>Hi<style>p {}</style>", "Hi"),
        (
            '<speak>Hi<break time="500ms"/>there, <say-as interpret-as="digits">12</say-as></speak>',
            "Hi there, 12",
        ),
        ("<speak><s>One.</s><s>Two.</s></speak>", "One. Two."),
        ('<amazon:effect name="whispered">psst</amazon:effect>', "psst"),
        ('<sub alias="World Wide Web">WWW</sub>', "WWW"),
        (
            "<table><tr><td>Mon</td><td>9-5</td></tr><tr><td>Tue</td><td>closed</td></tr></table>",
            "Mon 9-5\nTue closed",
        ),
        ("a <!-- not this --> b", "a b"),
        ("<![CDATA[3 < 4]]>", "3 < 4"),
        ("3 < 4", "3 < 4"),
        ("a<b", "a<b"),
        ("if a<b and c>d", "if a<b and c>d"),
        ("write <your name>", "write <your name>"),
        ("my_file 2*3", "my_file 2*3"),
        ("2**3**4", "2**3**4"),
        ("AT&T and Q&A", "AT&T and Q&A"),
        ("I <3 you", "I <3 you"),
        ("<video controls src='x'>v</video>", "v"),
        ("<b", "<b"),
        ("what<?x>", "what<?x>"),
        ('<?xml version="1.0"?><!DOCTYPE html><p>Hi</p>', "Hi"),
        ("", ""),
    ],
)
def test_text(source: str, text: str) -> None:
    """A text message shows the words, the lists and the addresses, and no markup."""
    assert as_text(source) == text


@pytest.mark.parametrize(
    ("source", "speech"),
    [
        ('See <a href="https://x.example/a">the map</a>.', "See the map."),
        ('See <a href="https://x.example/a">https://x.example/a</a>.', "See the link."),
        ("Go to https://x.example/a?b=c. Bye", "Go to the link. Bye"),
        ("[our shop](https://x.example/s)", "our shop"),
        ("Menu<ul><li>Billing</li><li>Tech</li></ul>", "Menu. Billing. Tech."),
        ("Line one\nLine two", "Line one. Line two"),
        ("a long line\nthat goes on", "a long line that goes on"),
        ("Sure? <p>Yes</p>", "Sure? Yes."),
        ("Great \U0001f389\U0001f44d\U0001f3fd job", "Great job"),
        ("It is 20 °C", "It is 20 °C"),
        ('<sub alias="World Wide Web">WWW</sub> now', "World Wide Web now"),
        ("Tom &amp; Ana", "Tom & Ana"),
        ("Hello there.", "Hello there."),
        ("3 < 4", "3 < 4"),
        ("\U0001f389", ""),
    ],
)
def test_speech(source: str, speech: str) -> None:
    """The voice says words in sentences: no address, no picture, no markup."""
    assert as_speech(source) == speech


@given(PIECES)
def test_nothing_left(source: str) -> None:
    """Whatever is thrown at it, no tag is left and nothing raises."""
    assert not TAG.search(as_text(source))
    assert not TAG.search(as_speech(source))


@given(st.text())
def test_any_text(source: str) -> None:
    """Any string can be read, and a second reading changes nothing."""
    assert as_text(as_text(source)) == as_text(source) or "&" in source
    as_speech(source)


@given(PLAIN)
def test_plain_text_stays(source: str) -> None:
    """Words without markup stay as they are, but for blanks."""
    assume(not TAG.search(source) and not any(mark in source for mark in ("**", "<!", "<?")))
    assert as_text(source) == " ".join(source.split())
    assert as_speech(source) in {" ".join(source.split()), ""}


def test_tags_made_of_tags() -> None:
    """Tags that only appear when others are gone end after a few passes."""
    assert "<b>" not in as_text("<" * 5000 + "b>" * 5000)


@pytest.mark.parametrize(
    "piece", ["<!--", "<![CDATA[", "<?a", " ", "\n", " \n", "<a x=y ", '<a x="', "&#", "**a", "[a](https://x"]
)
def test_long_sources_take_linear_time(piece: str) -> None:
    """Twenty thousand beginnings without an end are read in well under the ten seconds of a square."""
    before = time.process_time()
    as_text(piece * 20_000)
    as_speech(piece * 20_000)
    assert time.process_time() - before < 3
