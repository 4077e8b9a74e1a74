"""The Twilio channel: signed webhooks in, documents and REST requests out; nothing is decided here."""
