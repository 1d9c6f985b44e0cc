"""A DynamoDB in this process, for windows: what their calls mean, one call after the other."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

_TOKEN = re.compile(r"\s*(attribute_not_exists|contains|size|AND|OR|[#:\w]+|[(),=<])")


class FakeTable:
    """items: by key and part. before: called at each operation with its name; it may raise."""

    class exceptions:  # noqa: N801 - as botocore calls it
        class ConditionalCheckFailedException(ClientError):  # type: ignore[misc]
            pass

    def __init__(self, before: Callable[[str], None] = lambda _: None) -> None:
        self.items: dict[tuple[str, str], dict[str, Any]] = {}
        self.before = before
        self.after: Callable[[str], None] = lambda _: None

    def get_item(self, **given: Any) -> dict[str, Any]:
        assert given["ConsistentRead"]
        return self._do("get_item", lambda: self._answer(given["Key"], "Item"))

    def batch_get_item(self, **given: Any) -> dict[str, Any]:
        ((table, wanted),) = given["RequestItems"].items()
        assert wanted["ConsistentRead"]
        assert len(wanted["Keys"]) <= 100

        def read() -> dict[str, Any]:
            found = [self._answer(key, "Item") for key in wanted["Keys"]]
            return {"Responses": {table: [each["Item"] for each in found if each]}}

        return self._do("batch_get_item", read)

    def put_item(self, **given: Any) -> dict[str, Any]:
        def put() -> dict[str, Any]:
            self._check(given["Item"], given)
            self.items[_key(given["Item"])] = copy.deepcopy(given["Item"])
            return {}

        return self._do("put_item", put)

    def update_item(self, **given: Any) -> dict[str, Any]:
        def update() -> dict[str, Any]:
            self._check(given["Key"], given)
            item = self.items.setdefault(_key(given["Key"]), copy.deepcopy(dict(given["Key"])))
            _change(item, given["UpdateExpression"], given["ExpressionAttributeValues"])
            return self._answer(given["Key"], "Attributes")

        return self._do("update_item", update)

    def _do(self, operation: str, do: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        self.before(operation)
        answer = do()
        self.after(operation)
        return answer

    def _answer(self, key: Mapping[str, Any], name: str) -> dict[str, Any]:
        item = self.items.get(_key(key))
        return {name: copy.deepcopy(item)} if item else {}

    def _check(self, key: Mapping[str, Any], given: Mapping[str, Any]) -> None:
        condition = given.get("ConditionExpression")
        if condition and not _Condition(condition, self.items.get(_key(key), {}), given).holds():
            error: Any = {"Error": {"Code": "ConditionalCheckFailedException", "Message": ""}}
            raise self.exceptions.ConditionalCheckFailedException(error, "UpdateItem")


def _key(item: Mapping[str, Any]) -> tuple[str, str]:
    return item["key"]["S"], item["part"]["S"]


def _change(item: dict[str, Any], update: str, values: Mapping[str, Any]) -> None:
    for clause in re.split(r"\s*(?=\b(?:ADD|SET)\b)", update):
        word, _, rest = clause.partition(" ")
        for part in rest.split(", ") if rest else []:
            if word == "SET":
                name, value = part.split(" = ")
                item[name] = values[value]
            else:
                name, value = part.split(" ")
                before = item.get(name, {"SS": []})["SS"]
                item[name] = {"SS": sorted({*before, *values[value]["SS"]})}


class _Condition:
    """Reads a condition from the left, with OR below AND."""

    def __init__(self, text: str, item: Mapping[str, Any], given: Mapping[str, Any]) -> None:
        self._tokens = _TOKEN.findall(text)
        assert "".join(self._tokens) == text.replace(" ", ""), text
        self._item = item
        self._values = given.get("ExpressionAttributeValues", {})
        self._names = given.get("ExpressionAttributeNames", {})

    def holds(self) -> bool:
        met = self._read_any()
        assert not self._tokens
        return met

    def _next(self, expected: str = "") -> str:
        token = self._tokens.pop(0)
        assert expected in ("", token)
        return str(token)

    def _read_any(self) -> bool:
        met = self._read_all()
        while self._tokens[:1] == ["OR"]:
            self._next()
            met = self._read_all() or met
        return met

    def _read_all(self) -> bool:
        met = self._read_one()
        while self._tokens[:1] == ["AND"]:
            self._next()
            met = self._read_one() and met
        return met

    def _read_one(self) -> bool:
        token = self._next()
        if token == "(":
            met = self._read_any()
        elif token == "attribute_not_exists":
            self._next("(")
            met = self._name(self._next()) not in self._item
        elif token == "contains":
            self._next("(")
            held = self._item.get(self._name(self._next()), {"SS": []})["SS"]
            self._next(",")
            met = self._values[self._next()]["S"] in held
        elif token == "size":
            self._next("(")
            held = self._item.get(self._name(self._next()))
            self._next(")")
            self._next("<")
            most = int(self._values[self._next()]["N"])
            return held is not None and len(held["SS"]) < most
        else:
            self._next("=")
            return bool(self._item.get(self._name(token)) == self._values[self._next()])
        self._next(")")
        return met

    def _name(self, token: str) -> str:
        return str(self._names.get(token, token))
