"""Tandem: one conversation of a customer over phone calls and texts, for any assistant.

The core decides (`core`), the runner carries an event through the house, the rest are adapters.
"""
