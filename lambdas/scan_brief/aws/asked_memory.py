"""The part of the memory's table that has what chats asked to ignore."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING

from scan_brief.aws.memory import UNREADABLE, TableMemory
from scan_brief.findings.changes import MemoryLost
from scan_brief.findings.ignore_rules import IgnoreRules, add_asked

if TYPE_CHECKING:
    from scan_brief.model import AskedEntry

IGNORE = "ignore#"  # how its keys begin, by which the roles' policies name them


class AskedMemory(TableMemory):
    """What IgnoreVulnerability keeps, and FetchFindings reads. Each method raises MemoryLost."""

    _entries: Future[list[AskedEntry]] | None = None

    def prepare_asked(self, repository: str) -> None:
        """Begin to read the repository's entries, while others are asked."""
        thread = ThreadPoolExecutor(1)
        self._entries = thread.submit(self._list_asked, repository)
        thread.shutdown(wait=False)

    def list_asked(self, repository: str) -> list[AskedEntry]:
        """The repository's entries, those that ended but are not deleted yet too."""
        entries, self._entries = self._entries, None
        return entries.result() if entries else self._list_asked(repository)

    def keep(self, asked: AskedEntry) -> None:
        """Replaces an entry about the same vulnerability and package. It is deleted at its end."""
        end = int(datetime.fromisoformat(asked["until"]).timestamp())
        optional = {"package": asked["package"], "askedBy": asked["askedBy"]}
        item = {
            "key": {"S": f"{IGNORE}{asked['repository']}"},
            "part": {"S": "#".join((asked["id"].upper(), asked["package"] or ""))},
            "id": {"S": asked["id"]},
            "reason": {"S": asked["reason"]},
            "until": {"S": asked["until"]},
            **{name: {"S": value} for name, value in optional.items() if value is not None},
            "expires": {"N": str(end)},
        }
        self._call(lambda client: client.put_item(TableName=self.table, Item=item), missing=None)

    def _list_asked(self, repository: str) -> list[AskedEntry]:
        items = self.list_items(f"{IGNORE}{repository}")
        try:
            return [_read(item, repository) for item in items]
        except UNREADABLE:
            raise self._lose("NOT_READABLE") from None


class AskedRules:
    """The list of the settings with what chats ignore, by repository. Each is read once.

    own: the list alone, which is all that there is without buttons. buttons: see CHAT_BUTTONS.
    on_lost: called with the reason if what chats ignore could not be read, and is counted.
    """

    def __init__(
        self, own: IgnoreRules | None, table: str, buttons: str, on_lost: Callable[[str], None]
    ) -> None:
        self._own = own
        self._memory = AskedMemory(table) if table and buttons else None
        self._on_lost = on_lost
        self._found: dict[str, IgnoreRules | None] = {}

    def prepare(self, repository: str) -> None:
        """See AskedMemory.prepare_asked."""
        if self._memory:
            self._memory.prepare_asked(repository)

    def find(self, repository: str) -> IgnoreRules | None:
        """Never raises MemoryLost."""
        if self._memory is None:
            return self._own
        if repository not in self._found:
            self._found[repository] = self._read(self._memory, repository)
        return self._found[repository]

    def _read(self, memory: AskedMemory, repository: str) -> IgnoreRules | None:
        try:
            return add_asked(self._own, memory.list_asked(repository))
        except MemoryLost as lost:
            self._on_lost(str(lost))
            return add_asked(self._own, None)


def _read(item: Mapping[str, Mapping[str, str]], repository: str) -> AskedEntry:
    """The repository is that of the key: an entry is about no other."""
    until = item["until"]["S"]
    if datetime.fromisoformat(until).tzinfo is None:
        raise ValueError(until)
    return {
        "repository": repository,
        "id": item["id"]["S"],
        "package": item["package"]["S"] if "package" in item else None,
        "reason": item["reason"]["S"],
        "until": until,
        "askedBy": item["askedBy"]["S"] if "askedBy" in item else None,
    }
