"""The Media subresource of a message: list, fetch, delete. Without `.json` an address is the picture itself."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from channels.simulator.errors import RefusedError
from channels.simulator.forms import rfc2822
from channels.simulator.pictures import Picture
from channels.simulator.records import Message
from channels.simulator.rest import shapes
from channels.simulator.rest.frame import Params, names, page
from channels.simulator.world import World

LIST = names("DateCreated DateCreated< DateCreated> PageSize Page PageToken")


class MediaOfMessages:
    """The handlers, over one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def list(self, request: Request, params: Params) -> Response:
        """GET Messages/{sid}/Media.json."""
        message = self._message(request)
        found = [picture for address in message.media if (picture := self._world.shelf.at(address))]
        return page(request, params, "media_list", [self._shape(message, picture) for picture in found])

    async def fetch(self, request: Request, _params: Params) -> Response:
        """GET Messages/{sid}/Media/{media}.json."""
        return JSONResponse(self._shape(self._message(request), self._picture(request)))

    async def show(self, request: Request, _params: Params) -> Response:
        """GET Messages/{sid}/Media/{media}: its bytes."""
        picture = self._picture(request)
        return Response(picture.data, media_type=picture.kind)

    async def delete(self, request: Request, _params: Params) -> Response:
        """DELETE Messages/{sid}/Media/{media}.json."""
        self._world.shelf.drop(self._picture(request).sid)
        return Response(status_code=204)

    def _message(self, request: Request) -> Message:
        message = self._world.message(request.path_params["sid"])
        if message is None:
            raise RefusedError(20404)
        return message

    def _picture(self, request: Request) -> Picture:
        message, sid = self._message(request), request.path_params["media"]
        for address in message.media:
            picture = self._world.shelf.at(address)
            if picture is not None and picture.sid == sid:
                return picture
        raise RefusedError(20404)

    def _shape(self, message: Message, picture: Picture) -> dict[str, Any]:
        account = self._world.account_sid
        made = rfc2822(picture.at)
        return {
            "sid": picture.sid,
            "account_sid": account,
            "parent_sid": message.sid,
            "content_type": picture.kind,
            "date_created": made,
            "date_updated": made,
            "uri": f"{shapes.root(account)}/Messages/{message.sid}/Media/{picture.sid}.json",
        }
