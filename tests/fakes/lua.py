"""Makes the embedded store's scripts cheap to run for many tests; what they do stays as it is.

fakeredis compiles a script at every call, and collects all garbage of its Lua after it. Real servers compile it
once; so is it done here, and Lua collects its garbage when it finds it due.
"""

from __future__ import annotations

from typing import Any

from fakeredis.commands_mixins import scripting_mixin

LUA = scripting_mixin.LUA_MODULE
COLLECT = "collectgarbage()"


class _Runtime:
    """A Lua that keeps what it compiled."""

    def __init__(self, **options: Any) -> None:
        self._lua = LUA.LuaRuntime(**options)
        self._compiled: dict[Any, Any] = {}

    def __getattr__(self, name: str) -> Any:
        """Everything else, as it is."""
        return getattr(self._lua, name)

    def execute(self, script: Any) -> Any:
        """Run a script."""
        if script == COLLECT:
            return None
        if script not in self._compiled:
            self._compiled[script] = self._lua.compile(script)
        return self._compiled[script]()


class _Module:
    """lupa, with that Lua."""

    LuaRuntime = _Runtime

    def __getattr__(self, name: str) -> Any:
        """Everything else, as it is."""
        return getattr(LUA, name)


def compile_once() -> None:
    """From now on, in this process."""
    scripting_mixin.LUA_MODULE = _Module()  # type: ignore[assignment]  # it stands for a module
