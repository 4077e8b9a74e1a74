"""Pictures, sounds and other files of texts: ten to a message, and what no carrier takes."""

from __future__ import annotations

import pytest

from orchestrator.core import items
from orchestrator.core.effects import SendMessage
from orchestrator.core.media import why_not_media
from tests.core.play import Play, text

PICTURES = tuple(f"https://x.example/{n}.png" for n in range(23))


def messages(play: Play) -> list[SendMessage]:
    """What was sent."""
    return [effect for effect in play.effects if isinstance(effect, SendMessage)]


def answered(*given: items.Item) -> Play:
    """A text thread in which the assistant answers so."""
    play = Play()
    play.texts("hello")
    play.answers(*given)
    return play


def test_more_than_ten_media_are_several_messages() -> None:
    """The words go with the first ten, the rest behind them, in order."""
    sent = messages(answered(items.SendText(text="Look:", media=PICTURES)))
    assert [(message.body, len(message.media)) for message in sent] == [("Look:", 10), ("", 10), ("", 3)]
    assert tuple(url for message in sent for url in message.media) == PICTURES


def test_a_long_text_goes_before_further_media() -> None:
    """The parts of a long text stay together; media beyond ten follow them."""
    sent = messages(answered(items.SendText(text="word " * 600, media=PICTURES[:11])))
    assert [len(message.media) for message in sent] == [10, 0, 1]
    assert "".join(message.body + " " for message in sent).split() == ["word"] * 600


@pytest.mark.parametrize("kind", ["image", "audio", "video"])
def test_a_media_item_is_a_message_of_its_own(kind: items.MediaKind) -> None:
    """It stands between the texts before and after it, with its title and description as words."""
    item = items.Media(kind=kind, source="https://x.example/a", title="<b>Map</b>", description="North is up")
    play = answered(item)
    play.saw("ask input: hello", "text: Map\nNorth is up [https://x.example/a]")


@pytest.mark.parametrize("name", ["a.exe", "b.SVG", "page.html?x=1", "c.tar.gz#top"])
def test_a_file_that_no_carrier_takes_is_refused_with_its_reason(name: str) -> None:
    """The text fails as `media_type`, as one would that the carrier refuses for it."""
    play = answered(items.SendText(text="Look:", media=(f"https://x.example/{name}",)))
    play.saw("ask input: hello", f"blocked media_type: Look: [https://x.example/{name}]")


@pytest.mark.parametrize("name", ["a.jpg", "b.pdf", "c.vcf", "d.mp3", "e", "dir.zip/f.png", "", "g."])
def test_other_files_are_left_to_the_carrier(name: str) -> None:
    """What they are shows when the carrier fetches them."""
    assert why_not_media((f"https://x.example/{name}",)) == ""


def test_words_and_media_of_an_answer_keep_their_order() -> None:
    """The words of an answer are one message, media items are their own."""
    picture = items.Media(kind="image", source="https://x.example/a.png")
    play = answered(text("One"), picture, text("Two"))
    bodies = [(message.body, message.media) for message in messages(play)]
    assert sorted(bodies) == sorted([("One\nTwo", ()), ("", ("https://x.example/a.png",))])
