"""The JSON of Twilio's resources: every field that the OpenAPI description names, in its type."""

from __future__ import annotations

from typing import Any

from channels.simulator.forms import API_VERSION, rfc2822
from channels.simulator.records import LIVE, Call, Message, Number

Json = dict[str, Any]
_CALL_PARTS = (
    "events",
    "notifications",
    "payments",
    "recordings",
    "siprec",
    "streams",
    "transcriptions",
    "user_defined_message_subscriptions",
    "user_defined_messages",
)


def root(account_sid: str) -> str:
    """The path that all resources of an account lie under."""
    return f"/{API_VERSION}/Accounts/{account_sid}"


def message(account_sid: str, record: Message) -> Json:
    """A Message. With a Messaging Service sender and segments are not known until it is queued."""
    path = f"{root(account_sid)}/Messages/{record.sid}"
    chosen = record.status != "accepted"
    return {
        "sid": record.sid,
        "account_sid": account_sid,
        "api_version": API_VERSION,
        "body": record.body,
        "date_created": rfc2822(record.created_at),
        "date_sent": _moment(record.sent_at),
        "date_updated": rfc2822(record.updated_at),
        "direction": record.direction,
        "error_code": record.error_code,
        "error_message": None,
        "from": record.sender if chosen else None,
        "messaging_service_sid": record.service_sid or None,
        "num_media": str(len(record.media)),
        "num_segments": str(record.segments) if chosen else "0",
        "price": None,
        "price_unit": "USD",
        "status": record.status,
        "subresource_uris": {"media": f"{path}/Media.json"},
        "to": record.to,
        "uri": f"{path}.json",
    }


def call(account_sid: str, record: Call) -> Json:
    """A Call. Duration and end are null until it is over."""
    path = f"{root(account_sid)}/Calls/{record.sid}"
    return {
        "sid": record.sid,
        "account_sid": account_sid,
        "api_version": API_VERSION,
        "answered_by": record.answered_by or None,
        "caller_name": None,
        "date_created": rfc2822(record.created_at),
        "date_updated": rfc2822(record.updated_at),
        "direction": record.direction,
        "duration": None if record.status in LIVE else str(record.duration),
        "end_time": _moment(record.ended_at),
        "forwarded_from": None,
        "from": record.caller,
        "from_formatted": record.caller,
        "group_sid": None,
        "parent_call_sid": record.parent_sid or None,
        "phone_number_sid": record.number_sid or None,
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "start_time": _moment(record.started_at),
        "status": record.status,
        "subresource_uris": {name: f"{path}/{_camel(name)}.json" for name in _CALL_PARTS},
        "to": record.to,
        "to_formatted": record.to,
        "trunk_sid": None,
        "uri": f"{path}.json",
    }


def number(account_sid: str, record: Number) -> Json:
    """An IncomingPhoneNumber."""
    return {
        "sid": record.sid,
        "account_sid": account_sid,
        "address_requirements": "none",
        "address_sid": None,
        "api_version": API_VERSION,
        "beta": False,
        "bundle_sid": None,
        "capabilities": {"fax": False} | dict(record.capabilities),
        "date_created": rfc2822(record.created_at),
        "date_updated": rfc2822(record.updated_at),
        "emergency_address_sid": None,
        "emergency_address_status": "unregistered",
        "emergency_status": "Inactive",
        "friendly_name": record.friendly_name or record.number,
        "identity_sid": None,
        "origin": "twilio",
        "phone_number": record.number,
        "sms_application_sid": "",
        "sms_fallback_method": record.sms_fallback_method,
        "sms_fallback_url": record.sms_fallback_url,
        "sms_method": record.sms_method,
        "sms_url": record.sms_url,
        "status": "in-use",
        "status_callback": record.status_callback,
        "status_callback_method": record.status_callback_method,
        "trunk_sid": None,
        "type": "local",
        "uri": f"{root(account_sid)}/IncomingPhoneNumbers/{record.sid}.json",
        "voice_application_sid": "",
        "voice_caller_id_lookup": record.voice_caller_id_lookup,
        "voice_fallback_method": record.voice_fallback_method,
        "voice_fallback_url": record.voice_fallback_url,
        "voice_method": record.voice_method,
        "voice_receive_mode": "voice",
        "voice_url": record.voice_url,
    }


def _moment(at: float | None) -> str | None:
    return None if at is None else rfc2822(at)


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
