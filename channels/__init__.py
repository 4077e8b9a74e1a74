"""The ways to a customer: a carrier's webhooks and REST, and the carrier simulator."""
