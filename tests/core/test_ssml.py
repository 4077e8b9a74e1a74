"""Speech markup that is kept, and what is spoken plainly instead."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.core.ssml import MARKS, as_ssml


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ('Wait <break time="500ms"/> here', 'Wait <break time="500ms"></break> here'),
        ("<speak>A <p>b</p></speak>", "A <p>b</p>"),
        ('<say-as interpret-as="digits">12</say-as>', '<say-as interpret-as="digits">12</say-as>'),
        ('<lang xml:lang="de-DE">Amt</lang>', '<lang xml:lang="de-DE">Amt</lang>'),
        ('<prosody rate="slow" style="x">A &amp; B</prosody>', '<prosody rate="slow">A &amp; B</prosody>'),
        ("<s>See https://x.example/a?b=1 now \U0001f600</s>", "<s>See the link now </s>"),
        ('<sub alias="&quot;a&lt;b&quot;">x</sub>', '<sub alias="&quot;a&lt;b&quot;">x</sub>'),
    ],
)
def test_kept(source: str, kept: str) -> None:
    """Known elements and attributes stay; addresses and pictures are not spoken."""
    assert as_ssml(source) == kept


@pytest.mark.parametrize(
    "source",
    [
        "Plain words",
        "1 < 2",
        "<b>Bold</b>",
        "<p>With <b>bold</b></p>",
        "<p>Open",
        "<p>&nbsp;</p>",
        '<!DOCTYPE x [<!ENTITY a "b">]><p>&a;</p>',
        "<?xml version='1.0'?><p>a</p>",
        '<amazon:effect name="whispered"><p>a</p></amazon:effect>',
        "<p>" * 30 + "</p>" * 30,
    ],
)
def test_not_kept(source: str) -> None:
    """Anything else is no speech markup: it is read as other markup is."""
    assert as_ssml(source) == ""


@given(st.recursive(st.text(max_size=8), lambda inner: st.tuples(st.sampled_from(sorted(MARKS)), inner)))
def test_what_is_kept_is_well_formed(tree: object) -> None:
    """Whatever the words, what comes out is a fragment of known elements, or nothing."""

    def written(node: object) -> str:
        return node if isinstance(node, str) else f"<{node[0]}>{written(node[1])}</{node[0]}>"  # type: ignore[index]  # the pair above

    kept = as_ssml(written(tree))
    root = ET.fromstring(f"<speak>{kept}</speak>")  # noqa: S314 - our own
    assert {element.tag for element in root.iter()} <= {"speak", *MARKS}
