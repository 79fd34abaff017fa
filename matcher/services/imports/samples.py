"""Collections of published cases as JSON lines: persons without a name, problems without a firm."""

import json
from collections.abc import Iterator
from typing import Any

from matcher.errors import BadInput
from matcher.services.imports.fields import ImportKind

#: What a line may tell of. Whoever was really sent, and what came of it, is the answer: it is never read.
ROSTER_KEYS: tuple[str, ...] = ("honour", "employer", "title", "trade", "profile")
CASE_KEYS: tuple[str, ...] = ("title", "problem", "industry", "region")


def is_json_lines(data: bytes) -> bool:
    """Whether the file is one JSON object a line; no spreadsheet begins so."""
    return data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")


def records(data: bytes, kind: ImportKind) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines with their numbers, reduced to what may be read, with a name where they have none."""
    for number, line in enumerate(_lines(data), start=1):
        if line.strip():
            yield number, _record(_parsed(line, number), kind)


def columns(kind: ImportKind) -> list[str]:
    """The keys that are read, with the name that is made up."""
    return ["id", "name", *ROSTER_KEYS] if kind is ImportKind.ROSTER else ["id", "firm", *CASE_KEYS]


def _record(found: dict[str, Any], kind: ImportKind) -> dict[str, str]:
    number = _text(found, "id")
    if kind is ImportKind.ROSTER:
        named = {"name": _text(found, "name") or f"示例专家 {number}"}
        keys = ROSTER_KEYS
    else:
        named = {"firm": _text(found, "firm") or f"示例企业 {number}"}
        keys = CASE_KEYS
    return {"id": number, **named, **{key: _text(found, key) for key in keys}}


def _text(found: dict[str, Any], key: str) -> str:
    value = found.get(key)
    return value.strip() if isinstance(value, str) else ""


def _lines(data: bytes) -> list[str]:
    try:
        return data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise BadInput("JSON 行文件不是 UTF-8 编码。", field="file") from error


def _parsed(line: str, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadInput("第 %(row)d 行不是完整的 JSON。", field="file", row=number) from error
    if not isinstance(found, dict) or not _text(found, "id"):
        raise BadInput("第 %(row)d 行没有编号（id）。", field="file", row=number)
    return found
