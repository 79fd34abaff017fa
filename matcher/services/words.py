"""The words of the vocabularies, as they were on a day."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select

from matcher.db import db, today
from matcher.errors import BadInput, NotFound
from matcher.models import Actor, Term
from matcher.services.history import first_come, record


class Word(NamedTuple):
    """A word with its time; a value, so that a commit does not send us back to the table."""

    code: str
    name: str
    name_en: str
    valid_from: date | None
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        """Whether the word was in use on that day."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)


def choices(vocabulary: str, *, on: date | None = None, language: str = "zh") -> list[tuple[str, str]]:
    """(code, name) of the words in use on that day, in their order."""
    day = on or today()
    return [(t.code, _name(t, language)) for t in _terms(vocabulary) if t.holds_on(day)]


def word(vocabulary: str, code: str | None, *, on: date | None = None, language: str = "zh") -> str:
    """The name of a code as it was on that day; a code nobody knows is shown as it is."""
    if not code:
        return ""
    day = on or today()
    named = [t for t in _terms(vocabulary) if t.code == code]
    held = [t for t in named if t.holds_on(day)] or named
    return _name(held[-1], language) if held else code


def codes(vocabulary: str) -> set[str]:
    """Every code the vocabulary ever had."""
    return {term.code for term in _terms(vocabulary)}


def add_word(vocabulary: str, code: str, name: str, *, by: Actor, name_en: str = "", since: date | None = None) -> Term:
    """One more word of a vocabulary that exists, from a day on."""
    if not code or not name:
        raise BadInput("请填写代码和名称。", field="code")
    if not codes(vocabulary):
        raise NotFound("没有这个词表。")
    last = db.session.scalar(select(func.max(Term.sort)).where(Term.vocabulary == vocabulary)) or 0
    term = Term(vocabulary=vocabulary, code=code, name=name, name_en=name_en, sort=last + 10, valid_from=since)
    db.session.add(term)
    with first_come("这个词表里已有同样的代码。"):
        pass
    _forget()
    record(by, "word.add", term, office=by.office, vocabulary=vocabulary, code=code)
    return term


def end_word(term: Term, last_day: date, *, by: Actor) -> None:
    """The word is used until this day; what was written with it keeps it."""
    term.valid_to = last_day
    _forget()
    record(by, "word.end", term, office=by.office, vocabulary=term.vocabulary, code=term.code, until=last_day)


def _forget() -> None:
    db.session.info.pop("words", None)


def _terms(vocabulary: str) -> list[Word]:
    """All words of a vocabulary; the session remembers them, for a page asks for the same again and again."""
    known: dict[str, list[Word]] = db.session.info.setdefault("words", {})
    if not known:
        columns = (Term.vocabulary, Term.code, Term.name, Term.name_en, Term.valid_from, Term.valid_to)
        rows = db.session.execute(select(*columns).order_by(Term.vocabulary, Term.sort, Term.id))
        for name, *word in rows:
            known.setdefault(name, []).append(Word._make(word))
    return known.get(vocabulary, [])


def _name(term: Word, language: str) -> str:
    return term.name_en if language == "en" and term.name_en else term.name
