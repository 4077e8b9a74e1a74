"""A whole assistant. Run: BOT_SECRET=whsec_... python bot.py, with `pip install starlette uvicorn`."""

import base64
import hmac
import os
import time

import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

KEY = base64.b64decode(os.environ["BOT_SECRET"].removeprefix("whsec_"))
SAID = {"call_started": "Hello, have you moved?", "no_input": "Are you there?"}


def is_ours(head, body):  # signed with our secret, less than five minutes ago
    asked_at = head.get("webhook-timestamp", "")
    signed = f"{head.get('webhook-id')}.{asked_at}.".encode() + body
    proof = b"v1," + base64.b64encode(hmac.digest(KEY, signed, "sha256"))
    fresh = asked_at.isdecimal() and abs(time.time() - int(asked_at)) < 300
    return fresh and hmac.compare_digest(proof, head.get("webhook-signature", "").encode())


def answer(turn):  # an event that we do not know is answered with nothing
    words = turn["input"]["text"]
    if turn["channel"] == "voice" and words and "ask_for_text" in turn["allowed"]:
        item = {"response_type": "ask_for_text", "text": "What is your new address?", "keep_as": "address"}
        return [{**item, "say": "I have sent you a text, please answer it."}]
    return [{"response_type": "text", "text": f"I noted {words}." if words else SAID.get(turn["event"], "")}]


async def turn(request):
    known = is_ours(request.headers, await request.body())
    return JSONResponse({"responses": answer(await request.json())} if known else {}, 200 if known else 401)


app = Starlette(routes=[Route("/turn", turn, methods=["POST"])])
uvicorn.run(app, port=int(os.environ.get("PORT", "9000")), log_level="warning")
