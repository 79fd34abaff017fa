"""The administrator's work on the lexicon: find a competence, change it, merge two, go back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from matcher.db import db
from matcher.errors import BadInput
from matcher.matching import TERM_FIELDS
from matcher.matching.normal import normalise
from matcher.models import Actor, CompetenceEdit
from matcher.services import lexicon, words
from matcher.services.history import record
from matcher.services.lexicon import UNHEARD, Entry
from matcher.services.numbers import next_revision

LONGEST_TERM, MOST_TERMS = 40, 80


def search(said: str, *, limit: int = 60) -> list[Entry]:
    """Competences by a word of their name, family or terms; those whose name says it first. Empty: those edited
    here, the newest first."""
    entries = lexicon.entries_in_force()
    needle = normalise(said.strip()).text
    if not needle:
        recent = db.session.scalars(select(CompetenceEdit.competence).order_by(CompetenceEdit.id.desc())).all()
        return [entries[one] for one in dict.fromkeys(recent) if one in entries][:limit]
    found = [(place, entry) for entry in entries.values() if (place := _place_in(entry, needle)) is not None]
    return [entry for _, entry in sorted(found, key=lambda pair: (pair[0], pair[1]["name"]))][:limit]


def checked(entry: Entry) -> Entry:
    """The entry as it may be saved: words trimmed, each once. BadInput names the fault."""
    if not str(entry.get("name", "")).strip():
        raise BadInput("请填写专长名称。", field="name")
    known = words.codes("industries")
    for code in entry.get("industries", ()):
        if code not in known:
            raise BadInput("没有这个行业代码：%(code)s", field="industries", code=code)
    clean = {**entry, "name": entry["name"].strip(), "family": entry.get("family", "").strip()}
    for name in TERM_FIELDS:
        clean[name] = _checked_terms(name, entry.get(name, ()))
    return clean


def save(competence: str, entry: Entry | None, *, by: Actor, source: str = "administrator") -> CompetenceEdit:
    """Keep the change; it is in force at once. None takes the competence out."""
    before = lexicon.entries_in_force().get(competence)
    # The number first: it is locked until we are done, so that edits come in the order of their ids.
    next_revision("lexicon")
    edit = CompetenceEdit(
        competence=competence, entry=entry, source=source, by_id=by.user.id if by.user is not None else None
    )
    db.session.add(edit)
    db.session.flush()
    record(by, "lexicon.edit", edit, office=by.office, competence=competence, **_difference(before, entry))
    return edit


def add(entry: Entry, *, by: Actor) -> CompetenceEdit:
    """A competence that the shipped lexicon does not have."""
    number = 1 + sum(1 for one in lexicon.entries_in_force() if one.startswith("own-"))
    while f"own-{number}" in lexicon.entries_in_force():
        number += 1
    return save(f"own-{number}", {**entry, "id": f"own-{number}"}, by=by)


def merge(competence: str, into: str, *, by: Actor) -> None:
    """Two competences are one: the words of the first join the second, and the first is taken out."""
    if competence == into:
        raise BadInput("不能并入自己。", field="into")
    one, other = lexicon.entry_in_force(competence), lexicon.entry_in_force(into)
    joined = {name: list(dict.fromkeys([*other.get(name, ()), *one.get(name, ())])) for name in TERM_FIELDS}
    joined["industries"] = sorted({*other.get("industries", ()), *one.get("industries", ())})
    joined["near"] = [near for near in dict.fromkeys([*other["near"], *one["near"]]) if near not in (competence, into)]
    if one["name"] not in joined["disciplines"]:
        joined["disciplines"] = [*joined["disciplines"], one["name"]]
    save(into, {**other, **joined}, by=by, source="merge")
    save(competence, None, by=by, source="merge")


def go_back(competence: str, edit: CompetenceEdit | None, *, by: Actor) -> CompetenceEdit:
    """As it was after an edit; None: as the package brings it. One more edit, nothing is lost."""
    entry = edit.entry if edit is not None else lexicon.shipped_entry(competence)
    return save(competence, entry, by=by, source="back")


def history(competence: str) -> list[CompetenceEdit]:
    """Every edit of a competence, the newest first."""
    query = select(CompetenceEdit).filter_by(competence=competence).order_by(CompetenceEdit.id.desc())
    return list(db.session.scalars(query))


def last_entry(competence: str) -> int:
    """The last edit of a competence that did not take it out; 0: as the package brings it."""
    return next((edit.id for edit in history(competence) if edit.entry is not None), 0)


def recent(*, limit: int = 20) -> list[CompetenceEdit]:
    """The last edits of all."""
    return list(db.session.scalars(select(CompetenceEdit).order_by(CompetenceEdit.id.desc()).limit(limit)))


def differences(edits: Sequence[CompetenceEdit], competence: str) -> list[tuple[CompetenceEdit, Mapping[str, Any]]]:
    """Each edit (newest first) with what it changed against the one before it."""
    earlier = [edit.entry for edit in edits[1:]] + [lexicon.shipped_entry(competence)]
    return [(edit, _difference(before, edit.entry)) for edit, before in zip(edits, earlier, strict=False)]


def _difference(before: Entry | None, after: Entry | None) -> dict[str, Any]:
    if after is None:
        return {"taken_out": True}
    old, new = _all_terms(before or {}), _all_terms(after)
    told = {
        "name": after["name"] if after["name"] != (before or {}).get("name") else None,
        "added": list(not_in(new, old)),
        "removed": list(not_in(old, new)),
        "unheard": list(after.get(UNHEARD, ())),
    }
    return {key: value for key, value in told.items() if value}


def _all_terms(entry: Mapping[str, object]) -> tuple[str, ...]:
    lists = [entry.get(name, ()) for name in TERM_FIELDS]
    return tuple(dict.fromkeys(term for terms in lists if isinstance(terms, (list, tuple)) for term in terms))


def not_in(some: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    """Those of the first that are not among the second, each once."""
    known = set(others)
    return tuple(dict.fromkeys(one for one in some if one not in known))


def _place_in(entry: Entry, needle: str) -> int | None:
    """0: the name says it, 1: the family, 2: a term; None: nothing does."""
    for place, text in enumerate((entry["name"], entry.get("family", ""), "。".join(_all_terms(entry)))):
        if needle in normalise(text).text:
            return place
    return None


def _checked_terms(name: str, terms: Iterable[str]) -> list[str]:
    found: dict[str, str] = {}
    for term in (term.strip() for term in terms):
        form = normalise(term).text
        if not term:
            continue
        if len(form) < 2 or len(form) > LONGEST_TERM:
            raise BadInput("“%(term)s”不能用：每个词 2 到 %(most)d 个字。", field=name, term=term, most=LONGEST_TERM)
        found.setdefault(form, term)
    if len(found) > MOST_TERMS:
        raise BadInput("一栏最多 %(most)d 个词。", field=name, most=MOST_TERMS)
    return list(found.values())
