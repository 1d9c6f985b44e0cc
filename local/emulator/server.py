"""Edge: the emulator's own process, MiniStack on a loopback port of the system's choice. Run by
local.emulator.process.

The process ends when its standard input does, so it never outlives who started it.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from local.emulator.gaps import emit_event, fill_gaps

EVENTS_PATH = "/_scan_brief/events"

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


def main() -> None:
    """Serve until standard input ends; the first line of standard output is the port."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    os.environ["GATEWAY_PORT"] = str(port)  # MiniStack reads it when it is imported
    threading.Thread(target=_end_with_standard_input, daemon=True).start()
    fill_gaps(os.environ.get("SCAN_BRIEF_OUTBOX", ""))
    print(port, flush=True)
    asyncio.run(_serve(listener))


async def _serve(listener: socket.socket) -> None:
    from hypercorn.asyncio import serve
    from hypercorn.config import Config

    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.loglevel = "WARNING"
    await serve(_application, config)  # type: ignore[arg-type]


async def _application(scope: Scope, receive: Receive, send: Send) -> None:
    from ministack.app import app

    if scope["type"] == "http" and scope["path"] == EVENTS_PATH:
        event = json.loads(await _read_body(receive))
        await asyncio.to_thread(emit_event, event)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})
    else:
        await app(scope, receive, send)


async def _read_body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    return body


def _end_with_standard_input() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
