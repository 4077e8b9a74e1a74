"""The contract with an assistant over HTTP, for those on its other side: schemas of what is asked and answered,
an OpenAPI document, sample turns, and what an implementation does wrong (`examine.py`).
"""
