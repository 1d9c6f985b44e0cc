"""What holds when everything has ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from scan_brief.aws.windows import close_window
from tests.model.interpreter import Run
from tests.model.world import NAMES_KEPT, Asked, Image, Message, World

HOUR, DAY = 3_600.0, 86_400.0
APART = 6 * HOUR  # the door's: a scan that happened later after the first start is another one
WATCH = 1_800.0  # the watchdog's: a push within this time after another has the same watch
ENDED_BADLY = ("FAILED", "TIMED_OUT", "ABORTED")  # each rings an alarm


@dataclass(eq=False, repr=False)
class Happening:
    """What Inspector or ECR sends an event of, and the executions of the door that it reached."""

    kind: str
    image: Image
    at: float
    events: list[dict[str, Any]]
    doors: list[Run] = field(default_factory=list)
    queued: list[dict[str, Any]] = field(default_factory=list)  # dead letters

    def __repr__(self) -> str:
        return f"{self.kind} of {self.image.repository}@{self.image.digest[7:9]} at {self.at}"


@dataclass
class Check:
    """calm: nothing has failed."""

    world: World
    happenings: list[Happening]
    calm: bool

    def all(self) -> None:
        assert self.world.running() == [], "an execution does not end"
        for happening in self.happenings:
            if happening.doors and happening.kind == "Inspector2 Scan":
                self.a_scan_is_reported(happening)
                self.a_scan_has_one_brief(happening)
            elif happening.doors:
                self.an_image_is_asked_for(happening)
        for run in self.world.runs:
            self.a_run_sends_one_message(run)
            self.a_failure_has_its_fallback(run)
            self.a_person_gets_an_answer(run)
        self.each_brief_is_in_one_mail()
        for asked in self.world.asked:
            self.an_unscanned_image_has_one_notice(asked)

    def a_scan_is_reported(self, scan: Happening) -> None:
        since = scan.at - APART
        sent = [m for m in self.world.messages if m.at > since and _is_of(m.run, scan.image)]
        rung = [
            run
            for run in [*scan.doors, *self._automatic(scan.image)]
            if run.status in ENDED_BADLY and run.ended_at > since
        ]
        assert sent or rung, "a scan was lost"
        refused = any(run.error == "ImageNotScanned" for run in rung)
        assert sent or refused or not self.calm, "a scan has only an alarm, and nothing had failed"

    def a_scan_has_one_brief(self, scan: Happening) -> None:
        ids = {event["id"] for event in scan.events}
        later = [h.at for h in self.happenings if _follows(h, scan)]
        until = min([*later, scan.at + NAMES_KEPT])
        briefs = [
            run
            for run in self._automatic(scan.image)
            if run.input.get("id") in ids
            or ("watchdog" in run.input and scan.at <= run.started_at < until)
        ]
        # When the first was started is not known then, and a second brief is better than none.
        unknown = "describe" in self.world.met
        assert len(briefs) <= 1 or unknown, "two briefs of one scan"
        doors = {id(run) for run in scan.doors}
        fallbacks = [run for run in self._of("fallback") if id(run.by) in doors]
        assert len(fallbacks) <= 1 or unknown, "two fallbacks of one scan that was not started"

    def an_image_is_asked_for(self, happening: Happening) -> None:
        pushed = happening.kind == "ECR Image Action"
        since = happening.at if pushed else happening.at - APART
        asked = [a for a in self.world.asked if a.at >= since and _is_for(a, happening.image)]
        rung = [
            run
            for run in [*happening.doors, *self._of("watchdog")]
            if run.status in ENDED_BADLY and run.ended_at >= since - WATCH
        ]
        assert asked or rung, "a push was not watched"

    def a_run_sends_one_message(self, run: Run) -> None:
        sent = [message for message in self.world.messages if message.run is run]
        answered_late = run.lost if run.machine == "fallback" else 0
        assert len(sent) <= 1 + answered_late, "one execution sent twice"
        if run.machine != "fallback" or not isinstance(run.by, Run) or run.by.machine == "summary":
            return
        for first in (m for m in self.world.messages if m.run is run.by):
            assert run.by.lost, "a fallback after a brief that was sent"
            for message in sent:
                assert _is_recognizable(message, first), "the second is not recognizable"

    def each_brief_is_in_one_mail(self) -> None:
        """A gathered one is in one window, whose summary is sent or rings an alarm."""
        summaries = self._of("summary")
        table = self.world.gathering.table
        reported = {id(run): close_window(table, run.name) for run in summaries}
        for message in self.world.messages:
            brief = message.run
            if brief.machine != "brief":
                continue
            owners = [run for run in summaries if brief.name in reported[id(run)]]
            if not message.gathered:
                # Its commit was done, and no answer of it came.
                assert not owners or "ungathered" in brief.data, "a brief is in two mails"
                continue
            (owner,) = owners
            sent = [m for m in self.world.messages if m.run is owner]
            assert len(sent) == 1 or owner.status in ENDED_BADLY, "a gathered brief was lost"
            assert all(brief.name in m.document["briefs"] for m in sent)

    def a_failure_has_its_fallback(self, run: Run) -> None:
        if run.machine == "fallback" and run.status == "FAILED":
            assert "publish" in self.world.met
        if run.error not in ("DetailsUnavailable", "NotStarted", "NotWatched", "SummaryNotSent"):
            assert run.status != "FAILED" or run.machine in ("brief", "copies", "fallback")
            assert not run.error.startswith("States.Runtime"), run.error
            return
        fallbacks = [each for each in self._of("fallback") if _is_about(each, run)]
        assert fallbacks or "start fallback" in self.world.met, "a failure without its fallback"

    def a_person_gets_an_answer(self, run: Run) -> None:
        if run.machine == "brief" and run.by == "person":
            runs = [run, *(each for each in self._of("fallback") if each.by is run)]
            sent = [message for message in self.world.messages if message.run in runs]
            assert sent or run.status in ENDED_BADLY, "a person has no answer"

    def an_unscanned_image_has_one_notice(self, asked: Asked) -> None:
        if not asked.reason:
            return
        off = asked.reason == "SCANNING_OFF"
        notices = [
            run
            for run in self._of("brief")
            if isinstance(run.by, Run)
            and run.input.get("watchdog", {}).get("reason") == asked.reason
            and (off or (run.input["repository"], run.input["imageDigest"]) == _key(asked))
        ]
        rung = any(run.status in ENDED_BADLY for run in self._of("watchdog"))
        kept = DAY if off else NAMES_KEPT
        near = [r for r in notices if asked.at - kept - 15 * DAY < r.started_at < asked.at + DAY]
        assert near or rung, "an image that was not scanned has no notice"
        starts = sorted(run.started_at for run in notices)
        for first, second in pairwise(starts):
            apart = int(second // DAY) > int(first // DAY) if off else second - first >= NAMES_KEPT
            assert apart, "two notices of one image and reason"

    def _of(self, machine: str) -> list[Run]:
        return [run for run in self.world.runs if run.machine == machine]

    def _automatic(self, image: Image) -> list[Run]:
        """The briefs of the image's scans that no person started."""
        return [r for r in self._of("brief") if isinstance(r.by, Run) and _is_of(r, image)]


def _follows(happening: Happening, scan: Happening) -> bool:
    same = happening.kind == scan.kind and happening.image is scan.image
    return same and happening.at > scan.at


def _key(asked: Asked) -> tuple[str, str]:
    return asked.repository, asked.digest


def _is_for(asked: Asked, image: Image) -> bool:
    return _key(asked) == (image.repository, image.digest)


def _is_of(run: Run, image: Image) -> bool:
    """Whether a brief or fallback is about the image's scan, and no notice."""
    request = run.input["request"] if run.machine == "fallback" else run.input
    if "detail" in request:
        detail = request["detail"]
        of = (detail.get("repository-name"), detail.get("image-digest"))
        return bool(of == (image.arn, image.digest))
    named = (request.get("repository"), request.get("imageDigest"))
    notice = request.get("watchdog", {}).get("reason", "")
    return named == (image.repository, image.digest) and not notice


def _is_about(fallback: Run, run: Run) -> bool:
    """Whether the fallback is the run's, or of another delivery of the same event's scan."""
    if fallback.by is run:
        return True
    if run.machine != "door" or not isinstance(fallback.by, Run) or fallback.by.machine != "door":
        return False
    return bool(_identify(fallback.by.input) == _identify(run.input))


def _identify(event: dict[str, Any]) -> Any:
    detail = event["detail"]
    return detail.get("repository-name"), detail.get("image-digest"), event["resources"]


def _is_recognizable(message: Message, first: Message) -> bool:
    """Both have the same id; or, if the request has no time, the same thread in a chat."""
    own = message.document.get("id")
    return own == first.document["id"] or (own is None and message.thread == first.thread)
