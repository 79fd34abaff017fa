"""The knowledge between a problem's words and an expert's: competences and the terms that betray them."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from hashlib import sha256
from importlib import resources
from typing import Any

from matcher.matching.normal import normalise

#: The lists of a competence that hold terms, by what kind of thing a term is.
TERM_FIELDS = (
    "trades",
    "disciplines",
    "equipment",
    "materials",
    "processes",
    "symptoms",
    "products",
    "employers",
)
_ID = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
_DIVISION = re.compile(r"\d\d")


class LexiconError(ValueError):
    """The lexicon does not have the form it must have; the message says where."""


@dataclass(frozen=True)
class Competence:
    """One thing in which a person can be an expert. `industries` are GB/T 4754 divisions, `near` are ids of
    neighbours, `terms` are the words by which it shows, per field of TERM_FIELDS. `evidence` are words that
    solved cases taught, with a small weight that grows with their number (0 to 1)."""

    id: str
    name: str
    family: str = ""
    industries: tuple[str, ...] = ()
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    near: tuple[str, ...] = ()
    evidence: Mapping[str, float] = field(default_factory=dict)

    def all_terms(self) -> Iterator[tuple[str, str]]:
        """Every (field, term), its name first as field "name"."""
        yield "name", self.name
        for name in TERM_FIELDS:
            for term in self.terms.get(name, ()):
                yield name, term


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Competences in the order of their ids. Two lexicons of the same content have the same `version`."""

    competences: tuple[Competence, ...]

    @cached_property
    def version(self) -> str:
        """Twelve letters that change with every change of content."""
        rows = [_content(one) for one in self.competences]
        return sha256(json.dumps(rows, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:12]

    @cached_property
    def place_of(self) -> dict[str, int]:
        """Competence id → its place in `competences`."""
        return {one.id: place for place, one in enumerate(self.competences)}

    def spot(self, text: str) -> list[tuple[int, int, tuple[int, ...]]]:
        """Terms that stand in a text in normal form, longest first, none inside another:
        (start, end, places of the competences that hold the term)."""
        found = []
        start, end = 0, 0
        terms, lengths = self._terms, self._lengths
        while start < len(text):
            for length in lengths.get(text[start : start + 2], ()):
                end = start + length
                # At the end of the text a longer slice is cut short and would claim places that are not there.
                if end <= len(text) and text[start:end] in terms:
                    found.append((start, end, terms[text[start:end]]))
                    break
            else:
                end = start + 1
            start = end
        return found

    @cached_property
    def _terms(self) -> dict[str, tuple[int, ...]]:
        held: dict[str, dict[int, None]] = defaultdict(dict)
        for place, one in enumerate(self.competences):
            for _, term in one.all_terms():
                form = normalise(term).text.strip()
                if len(form) > 1:
                    held[form][place] = None
        return {term: tuple(places) for term, places in held.items()}

    @cached_property
    def _lengths(self) -> dict[str, tuple[int, ...]]:
        """First two characters → the lengths of the terms that begin so, longest first."""
        lengths: dict[str, set[int]] = defaultdict(set)
        for term in self._terms:
            lengths[term[:2]].add(len(term))
        return {head: tuple(sorted(found, reverse=True)) for head, found in lengths.items()}


def read_lexicon(entries: Iterable[Mapping[str, Any]]) -> Lexicon:
    """A checked lexicon from plain entries (lines of competences.jsonl, or edited ones).

    `near` may name neighbours by id or by name; a link to what is no longer there is dropped, because a merge
    leaves such links behind. Raises LexiconError with every fault.
    """
    rows = list(entries)
    faults = list(_faults(rows))
    if faults:
        raise LexiconError("; ".join(faults))
    ids = {row["name"]: row["id"] for row in rows} | {row["id"]: row["id"] for row in rows}
    return Lexicon(tuple(sorted((_competence(row, ids) for row in rows), key=lambda one: one.id)))


@cache
def shipped_lexicon() -> Lexicon:
    """The lexicon that comes with the package."""
    text = resources.files(__package__).joinpath("data/competences.jsonl").read_text("utf-8")
    return read_lexicon(json.loads(line) for line in text.splitlines() if line.strip())


def _competence(row: Mapping[str, Any], ids: Mapping[str, str]) -> Competence:
    near = (ids[one] for one in row.get("near", ()) if one in ids)
    return Competence(
        id=row["id"],
        name=row["name"],
        family=row.get("family", ""),
        industries=tuple(row.get("industries", ())),
        terms={name: tuple(row.get(name, ())) for name in TERM_FIELDS},
        near=tuple(dict.fromkeys(one for one in near if one != row["id"])),
        evidence=dict(row.get("evidence", {})),
    )


def _content(one: Competence) -> list[Any]:
    plain: list[Any] = [one.id, one.name, one.family, one.industries, dict(one.terms), one.near]
    return [*plain, dict(one.evidence)] if one.evidence else plain


def _faults(rows: list[Mapping[str, Any]]) -> Iterator[str]:
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        label = str(row.get("id") or f"line {number}")
        if not _ID.fullmatch(str(row.get("id", ""))):
            yield f"{label}: an id is made of letters, digits and single hyphens"
        if label in seen:
            yield f"{label}: the id stands twice"
        seen.add(label)
        yield from _faults_of_one(label, row)


def _faults_of_one(label: str, row: Mapping[str, Any]) -> Iterator[str]:
    if not str(row.get("name", "")).strip():
        yield f"{label}: no name"
    if any(not _DIVISION.fullmatch(str(code)) for code in row.get("industries", ())):
        yield f"{label}: industries are two digits of GB/T 4754"
    for name in TERM_FIELDS:
        terms = row.get(name, ())
        if not isinstance(terms, (list, tuple)) or not all(isinstance(term, str) for term in terms):
            yield f"{label}: {name} must be a list of words"
