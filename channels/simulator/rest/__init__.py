"""Twilio's REST API 2010-04-01, as far as a phone-and-text application uses it.

`frame` holds what all resources share (sign-in, forms, paging, errors), `shapes` their JSON; one
module a resource.
"""
