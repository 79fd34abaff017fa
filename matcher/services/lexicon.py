"""The lexicon in force: the shipped one, people's newest edits over it, and the words that solved cases taught.

An edition is three numbers: which shipped lexicon, the last edit and the last case word. From them a lexicon can be
built again at any time, as long as nothing in it was erased.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from threading import Lock
from typing import Any

from sqlalchemy import func, select

from matcher.db import db
from matcher.errors import NotFound
from matcher.matching import TERM_FIELDS, Competence, Lexicon, read_lexicon, shipped_lexicon
from matcher.models import CaseWord, CompetenceEdit, Sequence
from matcher.services import snapshots
from matcher.services.numbers import current_revision, is_uncommitted

Entry = dict[str, Any]
#: What is left of the doubt about a case word after each further problem that says it.
DOUBT = 0.7
#: The field of an entry that names case words which people do not want to be heard.
UNHEARD = "unheard"


@dataclass(frozen=True, slots=True)
class Edition:
    """Where a lexicon comes from: the shipped one's version, the last edit and the last case word in force."""

    shipped: str
    edit: int
    evidence: int

    def as_dict(self) -> dict[str, Any]:
        """As it is kept with a proposal."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Kept:
    revision: int
    edition: Edition
    lexicon: Lexicon


_kept: dict[str, _Kept] = {}
_lock = Lock()


def start(key: str) -> None:
    """Nothing is remembered of an earlier application with this database."""
    _kept.pop(key, None)


def current_lexicon() -> Lexicon:
    """The lexicon in force. One cheap query tells whether it changed."""
    return _current().lexicon


def in_force() -> tuple[Lexicon, Edition]:
    """The lexicon in force, and where it comes from."""
    kept = _current()
    return kept.lexicon, kept.edition


def current_edition() -> Edition:
    """Where the lexicon in force comes from."""
    return _current().edition


def version_number() -> int:
    """How often the lexicon changed here: the number people see."""
    return current_revision("lexicon")


def entries_in_force() -> dict[str, Entry]:
    """Every competence as people see and edit it, by id."""
    return _entries(_current().edition.edit)


def entry_in_force(competence: str) -> Entry:
    """One competence as it is edited; NotFound where there is none."""
    entry = entries_in_force().get(competence)
    if entry is None:
        raise NotFound("词库里没有这个专长。")
    return entry


def shipped_entry(competence: str) -> Entry | None:
    """The competence as the package brings it; None for one that was made here."""
    return _shipped().get(competence)


def with_entry(competence: str, entry: Entry | None) -> Lexicon:
    """The lexicon as it would be with one competence changed: to look before one saves."""
    edition = _current().edition
    entries = _entries(edition.edit)
    if entry is None:
        entries.pop(competence, None)
    else:
        entries[competence] = entry
    return _lexicon(entries, _taught(edition.evidence))


def untaught_lexicon() -> Lexicon:
    """The lexicon in force without what cases taught: to examine the matcher on those very cases."""
    edition = _current().edition
    if not edition.evidence:
        return _current().lexicon
    return _lexicon(_entries(edition.edit), {})


def lexicon_at(edition: Edition) -> Lexicon | None:
    """The lexicon of an edition again; None where its shipped part is no longer known."""
    shipped: Mapping[str, Entry]
    if edition.shipped == shipped_lexicon().version:
        shipped = _shipped()
    else:
        content = snapshots.find("lexicon", edition.shipped)
        if content is None:
            return None
        shipped = {entry["id"]: entry for entry in content["entries"]}
    return _lexicon(_entries(edition.edit, shipped), _taught(edition.evidence))


def remember_shipped() -> str:
    """Keep the shipped lexicon, so that proposals can be recomputed after the package has a newer one."""
    version = shipped_lexicon().version
    snapshots.keep_as("lexicon", version, lambda: {"entries": list(_shipped().values())})
    return version


def entry_of(one: Competence) -> Entry:
    """A competence as plain data, in the form in which it is edited."""
    lists = {name: list(one.terms.get(name, ())) for name in TERM_FIELDS}
    return {
        "id": one.id,
        "name": one.name,
        "family": one.family,
        "industries": list(one.industries),
        "near": list(one.near),
        **lists,
    }


def taught_to(competence: str) -> list[tuple[str, int, float]]:
    """(word, number of problems that said it, its weight) of a competence, the most said first."""
    said = _taught(_current().edition.evidence).get(competence, Counter())
    return [(term, count, weight_of(count)) for term, count in sorted(said.items(), key=lambda p: (-p[1], p[0]))]


def weight_of(problems: int) -> float:
    """How much a case word counts that so many problems said: .3, .51, .66 …, never 1."""
    return float(round(1 - DOUBT**problems, 4))


def _current() -> _Kept:
    key = str(db.engine.url)
    revision = current_revision("lexicon")
    kept = _kept.get(key)
    if kept is not None and kept.revision == revision:
        return kept
    if is_uncommitted("lexicon"):
        # What may be rolled back is for this session only.
        own: _Kept | None = db.session.info.get("lexicon")
        if own is None or own.revision != revision:
            own = db.session.info["lexicon"] = _read(revision)
        return own
    with _lock:
        _kept[key] = _read(revision)
        return _kept[key]


def _read(revision: int) -> _Kept:
    """The lexicon as the database has it for this session."""
    edition = Edition(
        shipped_lexicon().version,
        db.session.scalar(select(func.max(CompetenceEdit.id))) or 0,
        db.session.scalar(select(Sequence.value).where(Sequence.name == "evidence")) or 0,
    )
    lexicon = shipped_lexicon()
    if edition.edit or edition.evidence:
        lexicon = _lexicon(_entries(edition.edit), _taught(edition.evidence))
    return _Kept(revision, edition, lexicon)


def _shipped() -> dict[str, Entry]:
    return {one.id: entry_of(one) for one in shipped_lexicon().competences}


def _entries(last_edit: int, shipped: Mapping[str, Entry] | None = None) -> dict[str, Entry]:
    entries = dict(_shipped() if shipped is None else shipped)
    query = select(CompetenceEdit).where(CompetenceEdit.id <= last_edit).order_by(CompetenceEdit.id)
    for edit in db.session.scalars(query):
        if edit.entry is None:
            entries.pop(edit.competence, None)
        else:
            entries[edit.competence] = edit.entry
    return entries


def _taught(last: int) -> dict[str, Counter[str]]:
    """Competence → word → number of problems that say it."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    query = (
        select(CaseWord.competence, CaseWord.term, func.count())
        .where(CaseWord.id <= last)
        .group_by(CaseWord.competence, CaseWord.term)
    )
    for competence, term, count in db.session.execute(query):
        found[competence][term] = count
    return found


def _lexicon(entries: Mapping[str, Entry], taught: Mapping[str, Counter[str]]) -> Lexicon:
    return read_lexicon(_with_evidence(entries.values(), taught))


def _with_evidence(entries: Iterable[Entry], taught: Mapping[str, Counter[str]]) -> Iterable[Entry]:
    for entry in entries:
        said = taught.get(entry["id"])
        if said:
            off = set(entry.get(UNHEARD, ()))
            words = {term: weight_of(count) for term, count in sorted(said.items()) if term not in off}
            yield {**entry, "evidence": words}
        else:
            yield entry
