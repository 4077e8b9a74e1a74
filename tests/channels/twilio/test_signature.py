"""The signature against the carrier's published vectors, and against its own validator."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import MultiDict
from twilio.request_validator import RequestValidator

from channels.twilio.signature import compute, is_valid

DATA = json.loads((Path(__file__).parents[2] / "data" / "twilio-signatures.json").read_text())
TOKEN: str = DATA["auth_token"]
U = "https://mycompany.com/myapp.php?foo=1&bar=2"
P = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}
BODY = b'{"property": "value", "boolean": true}'
BODY_HASH = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"


def pairs(vector: dict[str, Any]) -> list[tuple[str, str]]:
    """A vector's form."""
    return [(name, value) for name, value in vector.get("params", ())]


def body(vector: dict[str, Any]) -> bytes | None:
    """A vector's JSON body."""
    return vector["body"].encode() if "body" in vector else None


@pytest.mark.parametrize("vector", DATA["vectors"], ids=lambda vector: vector["name"])
def test_a_published_vector_is_valid(vector: dict[str, Any]) -> None:
    """Each published signature holds for the address it was made for, and for the other spellings named."""
    for url in (vector["signed_url"], *vector.get("also_valid_for", ())):
        assert is_valid(url, pairs(vector), vector["signature"], TOKEN, body=body(vector))


@pytest.mark.parametrize("vector", DATA["vectors"], ids=lambda vector: vector["name"])
def test_a_vector_fails_once_anything_changes(vector: dict[str, Any]) -> None:
    """Another path, token, signature or body makes a published vector invalid."""
    url, form, signature = vector["signed_url"], pairs(vector), vector["signature"]
    raw = body(vector)
    assert not is_valid(url.replace("myapp", "other"), form, signature, TOKEN, body=raw)
    assert not is_valid(url, form, signature, "12346", body=raw)
    assert not is_valid(url, form, signature.lower(), TOKEN, body=raw)
    if raw is None:
        assert not is_valid(url, [*form, ("Extra", "")], signature, TOKEN)
    else:
        assert not is_valid(url, form, signature, TOKEN, body=raw + b" ")


@pytest.mark.parametrize(
    ("url", "signature"),
    [
        ("https://user:pass@mycompany.com/myapp.php?foo=1&bar=2", "CukzLTc1tT5dXEDIHm/tKBanW10="),
        ("https://user@mycompany.com/myapp.php?foo=1&bar=2", "2YRLlVAflCqxaNicjMpJcSTgzSs="),
        ("https://user:pass@mycompany.com:443/myapp.php?foo=1&bar=2", "ZQFR1PTIZXF2MXB8ZnKCvnnA+rI="),
        (U + "&Body=It%27s+amazing", "TfZzewPq8wqrGlMfyAud8+/IvJ0="),
    ],
)
def test_credentials_and_escapes_are_signed_as_given(url: str, signature: str) -> None:
    """The vectors with credentials and with an escaped apostrophe hold for the address as it stands."""
    assert is_valid(url, P, signature, TOKEN)


@pytest.mark.parametrize(
    "url",
    [
        "https://user:pass@mycompany.com/myapp.php?foo=1&bar=2",
        "https://user:pass@mycompany.com:8443/myapp.php?foo=1&bar=2",
        "https://mycompany.com:8443/myapp.php?foo=1&bar=2",
    ],
)
def test_the_carrier_drops_credentials_and_port_before_it_signs(url: str) -> None:
    """A signature over the bare address holds for an address with credentials and a port."""
    assert is_valid(url, P, compute(U, P, TOKEN), TOKEN)


@pytest.mark.parametrize("order", [("+1325xxxxxxx", "+1415xxxxxxx"), ("+1415xxxxxxx", "+1325xxxxxxx")])
def test_the_values_of_one_name_are_a_set(order: tuple[str, str]) -> None:
    """Repeated values count once, in any order, given as a mapping or as pairs."""
    signature = "83O6e2vORAoJHUNzJjDWN1jz+BA="
    name = "MessagingBinding.Address"
    assert is_valid(U, {name: order}, signature, TOKEN)
    assert is_valid(U, [(name, value) for value in (*order, *order)], signature, TOKEN)


def test_an_empty_body_with_a_port() -> None:
    """The JSON vector with a port holds, and so does its form without one."""
    digest = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    bare, ported = f"{U}&bodySHA256={digest}", U.replace(".com/", ".com:443/") + f"&bodySHA256={digest}"
    for url in (bare, ported):
        assert is_valid(url, [], "Ldidvp12m26NI7eqEvxnEpkd9Hc=", TOKEN, body=b"{}")
        assert is_valid(url, [], "rw/jVviOgicj2+kHZULvebnA4ag=", TOKEN, body=b"{}")


def test_a_body_needs_its_hash_in_the_query() -> None:
    """A body whose hash is missing from the address, or not its own, is refused though the address is signed."""
    other = f"{U}&bodySHA256={BODY_HASH.replace('0a', '0b')}"
    for url in (U, other, f"{U}&bodySHA256=", f"{U}&bodySHA256=%ff"):
        assert not is_valid(url, [], compute(url, [], TOKEN), TOKEN, body=BODY)


def test_bytes_that_are_no_text_can_be_signed() -> None:
    """A body of any bytes is compared by its hash, without reading it as text."""
    raw = b"\xff\xfe\x00"
    url = f"{U}&bodySHA256={sha256(raw).hexdigest()}"
    assert is_valid(url, [], compute(url, [], TOKEN), TOKEN, body=raw)


def test_each_token_of_a_rotation_counts() -> None:
    """Any token of a list may have signed; an empty token signs nothing."""
    signature = compute(U, P, TOKEN)
    assert is_valid(U, P, signature, ("old", TOKEN))
    assert not is_valid(U, P, signature, ("old", "new"))
    assert not is_valid(U, P, compute(U, P, ""), ("",))
    assert not is_valid(U, P, signature, ())


@pytest.mark.parametrize("signature", [None, "", "é", "\ud800", "not base64", "=" * 28, "x" * 100_000])
def test_a_signature_of_any_kind_is_answered(signature: str | None) -> None:
    """A missing, non-ASCII, broken or endless signature is invalid and raises nothing."""
    assert not is_valid(U, P, signature, TOKEN)


@pytest.mark.parametrize(
    "url",
    ["", "://", "https://", "https://h:abc/x", "https://[::1", "https://[::1]:8443/x", "h\ud800", "#", "?@:"],
)
def test_an_address_of_any_kind_is_answered(url: str) -> None:
    """An odd address raises nothing, and a signature over it as it stands holds."""
    assert not is_valid(url, P, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", TOKEN)
    if "#" not in url and "\ud800" not in url:
        assert is_valid(url, P, compute(url, P, TOKEN), TOKEN)


def test_what_follows_the_hash_is_not_signed() -> None:
    """Connection overrides behind the address are not part of what the carrier signs."""
    assert is_valid(U + "#rc=3&rp=5xx", P, compute(U, P, TOKEN), TOKEN)


NAMES = st.text("abcAZ0.-", min_size=1, max_size=8)
VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
FORMS = st.lists(st.tuples(NAMES, VALUES), max_size=6)
SCHEMES = st.sampled_from(["http", "https"])
HOSTS = st.sampled_from(["example.com", "Example.COM", "localhost", "10.0.0.1", "a-b.example.org"])
PORTS = st.sampled_from(["", ":80", ":443", ":8080", ":1"])
PATHS = st.text("abc/%27.-_~", max_size=10).map("/".__add__)
QUERIES = st.sampled_from(["", "?a=1", "?a=1&b=it%27s", "?q=a+b&q=%2B"])
URLS = st.tuples(SCHEMES, HOSTS, PORTS, PATHS, QUERIES).map(
    lambda parts: f"{parts[0]}://{''.join(parts[1:])}"
)


def oracle(url: str, form: list[tuple[str, str]], signature: str) -> bool:
    """What the carrier's own validator says."""
    return bool(RequestValidator(TOKEN).validate(url, MultiDict(form), signature))


@given(url=URLS, form=FORMS, data=st.data())
def test_it_agrees_with_the_carriers_validator(
    url: str, form: list[tuple[str, str]], data: st.DataObject
) -> None:
    """On any form and ordinary address, whatever spelling was signed, both say the same."""
    signed = data.draw(
        st.sampled_from([url, url.replace(":8080", ""), url.replace(".com/", ".com:443/"), url + "x"])
    )
    signature = compute(signed, data.draw(st.sampled_from([form, form[1:]])), TOKEN)
    assert is_valid(url, form, signature, TOKEN) == oracle(url, form, signature)


@given(url=URLS, form=FORMS)
def test_the_carriers_validator_makes_the_same_signature(url: str, form: list[tuple[str, str]]) -> None:
    """Our signature is what the carrier's code computes, so what we accept is what it signs."""
    made = RequestValidator(TOKEN).compute_signature(url, MultiDict(form))
    assert compute(url, form, TOKEN) == made


@given(
    url=st.text(max_size=40),
    form=st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=3),
    signature=st.none() | st.text(max_size=30),
    raw=st.none() | st.binary(max_size=10),
)
def test_nothing_raises(
    url: str, form: list[tuple[str, str]], signature: str | None, raw: bytes | None
) -> None:
    """Whatever comes in, surrogates included, the answer is no and not an exception."""
    assert is_valid(url, form, signature, TOKEN, body=raw) is False


@pytest.mark.parametrize(
    ("url", "signed"),
    [
        ("https://user:pass@example.com:8443/x", "https://example.com/x"),
        ("https://[::1]:8443/x", "https://[::1]/x"),
        ("https://example.com/x?", "https://example.com/x?"),
        ("https://example.com/x#rc=3", "https://example.com/x"),
    ],
)
def test_where_the_carriers_validator_is_mistaken(url: str, signed: str) -> None:
    """Credentials with a port, IPv6 with a port, an empty query and a fragment: we accept what the
    carrier signs, its validator does not.
    """
    signature = compute(signed, P, TOKEN)
    assert is_valid(url, P, signature, TOKEN)
    assert not oracle(url, list(P.items()), signature)


@pytest.mark.parametrize(
    ("url", "signature", "expected"),
    [("https://h:abc/x", "", ValueError), (U, None, TypeError)],
)
def test_where_the_carriers_validator_raises(
    url: str, signature: str | None, expected: type[Exception]
) -> None:
    """A port that is no number and a missing signature raise in the carrier's validator; here they are no."""
    with pytest.raises(expected):
        RequestValidator(TOKEN).validate(url, MultiDict(), signature)
    assert not is_valid(url, [], signature, TOKEN)
