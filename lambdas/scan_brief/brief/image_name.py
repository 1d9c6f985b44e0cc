"""Pure: names an image by the tag that tells its build, not by one that moves to the next."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scan_brief.text import cut_front

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scan_brief.model import Image, ImageWords

# A tag of these words alone is given to one build after the other.
_MOVING = re.compile(
    "alpha|beta|blue|branch|canary|current|daily|default|demo|dev|devel|develop|development|edge"
    "|feature|green|head|integration|latest|live|lts|main|mainline|master|next|nightly|preprod"
    "|preview|prod|production|qa|rc|release|sandbox|snapshot|stable|stage|staging|test|testing"
    "|trunk|uat|unstable|weekly"
)
# What a tag adds to say which variant of a build it is.
_VARIANT = re.compile(
    "alpine|amd64|arm|arm64|aarch64|x86|64|v7|v8|linux|windows|slim|distroless|debian|ubuntu"
    "|bookworm|bullseye|buster|trixie|focal|jammy|noble"
)
_VERSION = re.compile(r"(?<![\w.])v?\d+(?:\.\d+){2,}(?![\w.]*\.\d)|(?<!\d)v?\d+\.\d+\.\d+")
_MOVES = 3  # the rank of a tag that moves
_COMMIT = re.compile(r"(?=[a-f]*\d)[0-9a-f]{7,64}")
_NUMBER = re.compile(r"(?:[a-z]{0,10}\d{2,}|\d{4}(?:\.\d+)*|(?:build|ci|run|pr|b|r)\d+)")


def choose_tag(tags: Sequence[str], *, requested: bool) -> str | None:
    """The tag that tells the build best, else the first; None without tags.

    requested: the first tag is what a person asked for, and is kept unless it moves.
    """
    if not tags:
        return None
    best = min(tags, key=lambda tag: _rank(tag, tags))
    return tags[0] if requested and _rank(tags[0], tags) < _MOVES else best


def name_image(
    image: Image, words: ImageWords, *, requested: bool, limit: int | None = None
) -> str:
    """team/app:1.4.2 (latest, +2 tags); team/app@ and the digest's first digits without a tag.

    limit: the most characters; the start of the repository's name is cut first.
    """
    tags = image["tags"]
    chosen = choose_tag(tags, requested=requested)
    base = f":{chosen}" if chosen is not None else f"@{image['digest'][:19]}"
    name = image["repository"] + base
    ending = _list_others(image, chosen, words, requested=requested)
    if limit is not None and len(name + ending) > limit:
        ending = ending if len(ending) < limit // 2 else ""
        name = cut_front(name, limit - len(ending))
    return name + ending


def _list_others(image: Image, chosen: str | None, words: ImageWords, *, requested: bool) -> str:
    """The tag that was asked for, if it is not the chosen one, and how many more there are."""
    tags = image["tags"]
    named = [tags[0]] if requested and tags and tags[0] != chosen else []
    more = len(tags) + image["tagsOmitted"] - len(named) - (chosen is not None)
    if more:
        named.append(words["moreTag" if more == 1 else "moreTags"].format(count=more))
    return words["open"] + words["separator"].join(named) + words["close"] if named else ""


def _rank(tag: str, tags: Sequence[str]) -> int:
    """0: a whole version; 1: a commit, a date or a build's number; 2: not known; 3: it moves."""
    if _is_extended(tag, tags):
        return _MOVES
    if _VERSION.search(tag):
        return 0
    words = [word for word in re.split(r"[-_.+/]+", tag.lower()) if word]
    words = [word for word in words if not _VARIANT.fullmatch(word)]
    if any(_COMMIT.fullmatch(word) or _NUMBER.fullmatch(word) for word in words):
        return 1
    return _MOVES if all(_MOVING.fullmatch(word) for word in words) else 2


def _is_extended(tag: str, tags: Sequence[str]) -> bool:
    """1 and 1.2 move where 1.2.3 is there, and 1.2-alpine where 1.2.3-alpine is."""
    version, variant = _split(tag)
    return bool(version) and any(
        other.startswith(f"{version}.") and ending == variant for other, ending in map(_split, tags)
    )


def _split(tag: str) -> tuple[str, str]:
    found = re.match(r"v?(\d+(?:\.\d+)*)(.*)", tag)
    return (found.group(1), found.group(2)) if found else ("", tag)
