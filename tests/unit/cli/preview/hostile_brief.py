"""A brief whose texts would change the page if it took them for HTML."""

from __future__ import annotations

import json
from typing import Any

HOSTILE = (
    "<script>window.hit = 1</script></title></style>"
    "<img src=x onerror='window.hit = 1'><svg/onload=window.hit=1>"
    "\"><b onclick=window.hit=1>x</b>' --> {{ 7 * 7 }} &lt;i&gt; "
    "[a](javascript:window.hit=1) <javascript:window.hit=1|b> javascript:window.hit=1 "
    "https://a.example/\"onmouseover='window.hit=1'> <https://a.example/'x|<img src=x>> "
    "`</code><script>window.hit = 1</script>` *<script>window.hit = 1</script>* <!channel>"
)


def make_hostile_brief() -> dict[str, Any]:
    """In the shape of model.Brief; nothing in it is defused."""
    content = {
        "title": HOSTILE,
        "description": f"{HOSTILE}\n```{HOSTILE}```",
        "nextSteps": [HOSTILE],
        "keywords": [HOSTILE],
    }
    chat = json.dumps({"content": content})
    return {"subject": HOSTILE, "message": {"email": f"{HOSTILE}\n{HOSTILE}", "https": chat}}
