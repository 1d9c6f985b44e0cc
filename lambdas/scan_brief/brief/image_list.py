"""Pure: lists many images, by repository, in few lines."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from scan_brief import graphemes
from scan_brief.brief.layout import COLUMNS
from scan_brief.text import clean
from scan_brief_common.limits import REPOSITORY_NAME_CHARACTERS, TAG_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scan_brief.model import BriefedImage, ImageView, ImageWords, ListedImages

_ALGORITHM = "sha256:"
_DIGITS = 12
_LINE = COLUMNS - 6  # without the indent


def label_images(images: Sequence[BriefedImage]) -> list[str]:
    """A name for each image, which no other image of its repository has.

    The tag, or the digest's first digits without one; of images with the same tag, also the
    architecture, or else these digits.
    """
    tags = [_clean_tag(image) for image in images]
    wide = [
        f"{tag} {clean(image['architecture'], 20)}".rstrip()
        for tag, image in zip(tags, images, strict=True)
    ]
    repositories = [image["repository"] for image in images]
    once = Counter(zip(repositories, tags, strict=True))
    with_architecture = Counter(zip(repositories, wide, strict=True))
    labels = []
    for image, repository, tag, both in zip(images, repositories, tags, wide, strict=True):
        digits = shorten_digest(image["digest"])
        if not tag:
            labels.append(digits)
        elif once[repository, tag] == 1:
            labels.append(tag)
        elif both != tag and with_architecture[repository, both] == 1:
            labels.append(both)
        else:
            labels.append(f"{tag}@{digits}")
    return labels


def name_in_full(repository: str, label: str) -> str:
    """team-a/app:1.4.2, or team-a/app@sha256:0123456789ab."""
    name = clean(repository, REPOSITORY_NAME_CHARACTERS.most)
    return f"{name}@{label}" if label.startswith(_ALGORITHM) else f"{name}:{label}"


def name_images(images: Sequence[BriefedImage]) -> list[str]:
    """The full name of each."""
    labels = label_images(images)
    return [
        name_in_full(image["repository"], label)
        for image, label in zip(images, labels, strict=True)
    ]


def shorten_digest(digest: str) -> str:
    """sha256:0123456789ab."""
    return _ALGORITHM + clean(digest, 80).removeprefix(_ALGORITHM)[:_DIGITS]


def list_by_repository(
    images: Iterable[tuple[str, ImageView]], words: ImageWords, *, severity: bool
) -> list[ListedImages]:
    """Images with their repositories, in their order. severity: with the word, not only the count.

    An image alone has its full name in its line.
    """
    grouped: dict[str, list[ImageView]] = {}
    for repository, image in images:
        grouped.setdefault(repository, []).append(image)
    return [
        {
            "repository": clean(repository, REPOSITORY_NAME_CHARACTERS.most),
            "images": views,
            "lines": _fill_lines(
                [
                    _write_image(view, words, severity=severity, alone=len(views) == 1)
                    for view in views
                ],
                words["separator"],
            ),
        }
        for repository, views in grouped.items()
    ]


def _clean_tag(image: BriefedImage) -> str:
    return clean(image["tag"], TAG_CHARACTERS)


def _write_image(view: ImageView, words: ImageWords, *, severity: bool, alone: bool) -> str:
    name = view["full"] if alone else view["name"]
    if not view["count"]:
        return name
    count = f"{view['severity']} {view['count']}" if severity else str(view["count"])
    return f"{name}{words['open']}{count}{words['close']}"


def _fill_lines(items: Sequence[str], separator: str) -> list[str]:
    """As many items in a line as fit; an item stays whole."""
    lines: list[str] = []
    columns = 0
    for item in items:
        width = graphemes.width(item) + graphemes.width(separator)
        if lines and columns + width <= _LINE:
            lines[-1] += separator + item
            columns += width
        else:
            if lines:
                lines[-1] += separator.rstrip()
            lines.append(item)
            columns = width
    return lines
