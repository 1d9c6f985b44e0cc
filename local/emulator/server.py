"""The emulator's process: MiniStack on a loopback port that the system chooses."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import threading
from pathlib import Path

from local.emulator.gaps import fill_gaps
from local.emulator.planned_faults import fail_publishes, fail_starts

_BACKLOG = 4096  # connections that wait to be accepted; Linux reduces it to net.core.somaxconn
# A client that sends while the server closes its connection would see an error.
_KEEP_ALIVE_SECONDS = 3600


def main() -> None:
    """Serve until standard input ends. The first line of standard output is the port.

    So the emulator ends with the process that started it (local.emulator.process).
    """
    listener = socket.create_server(("127.0.0.1", 0), backlog=_BACKLOG)
    port = listener.getsockname()[1]
    os.environ["GATEWAY_PORT"] = str(port)  # MiniStack reads it when it is imported
    threading.Thread(target=_end_with_standard_input, daemon=True).start()
    if "--stock" not in sys.argv:
        fill_gaps()
    if folder := os.environ.get("PLANNED_FAULTS"):
        fail_publishes(Path(folder))
        fail_starts(Path(folder))
    print(port, flush=True)
    asyncio.run(_serve(listener))


async def _serve(listener: socket.socket) -> None:
    from hypercorn.asyncio import serve
    from hypercorn.config import Config
    from ministack.app import app

    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.loglevel = "WARNING"
    config.backlog = _BACKLOG
    config.keep_alive_timeout = _KEEP_ALIVE_SECONDS
    config.keep_alive_max_requests = sys.maxsize
    await serve(app, config)


def _end_with_standard_input() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
