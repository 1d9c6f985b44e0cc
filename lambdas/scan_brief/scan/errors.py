"""The errors that the workflow knows by name."""

from typing import Literal


class InvalidRequest(Exception):
    """The request is neither a scan event nor a request by hand; the text names the field."""

    name: Literal["InvalidRequest"] = "InvalidRequest"


class UnreadableEvent(Exception):
    """A scan event of Inspector itself that cannot be read; the text names the field."""

    name: Literal["UnreadableEvent"] = "UnreadableEvent"


class ImageNotScanned(Exception):
    """Inspector does not know the image, or has not scanned it; the text gives its reason."""

    name: Literal["ImageNotScanned"] = "ImageNotScanned"


class InspectorUnavailable(Exception):
    """Inspector failed or did not answer in time; asking again later may help."""


class InspectorThrottled(InspectorUnavailable):
    """Inspector works, but others ask too: asking again helps, for as long as that takes."""


class InspectorRefused(Exception):
    """Inspector refused the call (permission, validation); asking again does not help."""
