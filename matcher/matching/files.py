"""Rosters and cases as JSON lines, for the command line."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from matcher.matching.types import Need, Profile, SkillText


def read_lines(path: Path) -> list[dict[str, Any]]:
    """One JSON object a line."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """One JSON object a line."""
    with path.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def need_of(row: Mapping[str, Any]) -> Need:
    """A case as a need: title, core (or problem) and industry; the answers in the row are not looked at."""
    text = row.get("core") or row.get("problem") or ""
    return Need(str(row["id"]), text, row.get("title") or "", row.get("industry") or "")


def profile_of(row: Mapping[str, Any]) -> Profile:
    """A line of a roster as a profile; any field but the id may be missing."""
    return Profile(
        id=str(row["id"]),
        name=row.get("name") or "",
        employer=row.get("employer") or "",
        title=row.get("title") or "",
        trade=row.get("trade") or "",
        profile=row.get("profile") or "",
        skills=tuple(map(_skill, row.get("skills") or ())),
        industries=tuple(row.get("industries") or ()),
        proven=tuple(row.get("proven") or ()),
    )


def _skill(entry: str | Mapping[str, Any]) -> SkillText:
    return SkillText(entry) if isinstance(entry, str) else SkillText(**entry)
