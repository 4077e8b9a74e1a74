"""The carrier, seen from the other side: a stand-in for Twilio's REST API, webhooks, calls and phones.

It knows Twilio's wire format by its own tables and shares nothing with `channels.twilio`, so that it
catches that side's mistakes: what Twilio would refuse is refused, and kept in `Simulator.faults`.
"""

from channels.simulator.app import Simulator
from channels.simulator.handset import Handset, HandsetError
from channels.simulator.records import Call, Heard, Message, Number, Observation, ReceivedText
from channels.simulator.trouble import Trouble

__all__ = [
    "Call",
    "Handset",
    "HandsetError",
    "Heard",
    "Message",
    "Number",
    "Observation",
    "ReceivedText",
    "Simulator",
    "Trouble",
]
