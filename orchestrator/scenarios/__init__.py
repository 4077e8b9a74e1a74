"""Scenario tests: a play with a clock, performed on the real service in virtual time.

`play` is a scenario as data, `format` reads files into it, `stage` performs it.
"""
