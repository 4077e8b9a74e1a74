"""Callers who speak on, through hosts that die: every request goes to another host until one answers."""

from __future__ import annotations

import contextlib
import time
import xml.etree.ElementTree as ET

import httpx

from tests.blackbox.driver import NUMBER, SID
from tests.chaos.dice import dice
from tests.chaos.hosts import Deployment, sid

PATIENCE = 30.0  # seconds that a caller stays on the line for one answer


class Caller:
    """One call. `answered` are the utterances whose answer was heard; `cut_at` is when a failure ended it;
    `differing` is when repeated requests got another document than the first time.
    """

    def __init__(self, deployment: Deployment, customer: str, seed: str) -> None:
        self._deployment = deployment
        self._chance = dice(seed)
        self._form = {
            "CallSid": sid("CA", seed),
            "AccountSid": SID,
            "From": customer,
            "To": NUMBER,
            "CallStatus": "in-progress",
            "Direction": "inbound",
        }
        self.said: list[str] = []
        self.answered: list[str] = []
        self.cut_at = 0.0
        self.differing: list[float] = []
        self._document = ET.Element("Response")

    def talk(self, words: list[str]) -> None:
        """Call, and say one thing after the other."""
        self._listen(self._request("/twilio/voice"), "re: call_started")
        for word in words:
            time.sleep(self._chance.uniform(0, 0.6))
            gather = self._document.find("Gather")
            if self.cut or gather is None:
                return
            self.said.append(word)
            if self._hear(word, gather.attrib["action"]):
                self.answered.append(word)

    def _hear(self, word: str, action: str) -> bool:
        spoken, answer = {"SpeechResult": word, "Confidence": "0.9"}, f"re: {word}"
        text = self._request(action, **spoken)
        if answer in text and self._chance.random() < 0.3:
            again = self._post(action, **spoken)
            if again != text:
                self.differing.append(time.monotonic())
        return answer in self._listen(text, answer)

    def _listen(self, text: str, answer: str) -> str:
        """Follow the documents until one holds the answer; a caller with the floor just waits."""
        end = time.monotonic() + PATIENCE
        while answer not in text and not self.cut and time.monotonic() < end:
            time.sleep(0.5)  # the filler is spoken, or silence passes
            redirect = self._document.find("Redirect")
            gather = self._document.find("Gather")
            path = (
                redirect.text
                if redirect is not None
                else gather.attrib["action"]
                if gather is not None
                else ""
            )
            text = self._request(path or "")
        return text

    def _request(self, path: str, **more: str) -> str:
        text = self._post(path, **more)
        self._document = ET.fromstring(text)  # noqa: S314 - our own service wrote it
        if self._document.find("Hangup") is not None:
            self.cut_at = time.monotonic()
        return text

    @property
    def cut(self) -> bool:
        """Whether the service hung up."""
        return self.cut_at > 0

    def _post(self, path: str, **more: str) -> str:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            hosts = list(self._deployment.hosts)
            with contextlib.suppress(httpx.HTTPError):
                answer = self._chance.choice(hosts).post(path, {**self._form, **more})
                assert answer.status_code == 200, answer.status_code
                return answer.text
            time.sleep(0.2)
        raise AssertionError("no host answered a caller")
