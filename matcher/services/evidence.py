"""What confirmed cases and merged doubles teach: words for a competence, and proven skills for who did the work.

A case teaches the one competence that its problem and its experts' records show together most. Its words wait until
the job takes them in (`adopt`), so that the lexicon changes once a night and not with every confirmation.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

import numpy as np
import rjieba
from sqlalchemy import func, select

from matcher.db import db
from matcher.matching import Competence, Lexicon
from matcher.matching.normal import normalise
from matcher.matching.quiet import hush_need
from matcher.matching.reading import RECORD_FIELDS, read_need, record_counts
from matcher.matching.scoring import ask
from matcher.matching.space import space_of
from matcher.models import (
    Actor,
    Case,
    CaseState,
    CaseWord,
    Dispatch,
    DispatchState,
    Expert,
    Outcome,
    Problem,
    WordSource,
)
from matcher.models import Sequence as Number
from matcher.plain.masking import mask_text
from matcher.services import experts, lexicon, roster_index
from matcher.services.forgetting import forget_words
from matcher.services.history import record
from matcher.services.needs import need_of
from matcher.services.numbers import next_revision

#: A case teaches so many words at the most, the rarest first.
MOST_WORDS = 6
#: Kinds of words that name things, as rjieba tags them: nouns, verbs used as such, Latin words.
NAMING = ("n", "nz", "nl", "vn", "eng")
#: A word that stands in more competences than this says nothing about one.
MOST_SPREAD = 12
#: A competence must be shown on both sides by at least this much of the likeness between them.
CLEAR_SHARE = 0.08


def learn(case: Case) -> int:
    """The enterprise confirmed that the case solved its problem: keep what it teaches. Returns how many words."""
    if case.outcome is not Outcome.SOLVED or case.state is not CaseState.CONFIRMED:
        return 0
    people, words = case.experts, lexicon.current_lexicon()
    competence = _competence_of(case.problem, people, words)
    for expert in people:
        experts.touch(expert)
        if competence is not None:
            experts.prove_skill(expert, competence.name, case)
    if competence is None:
        return 0
    return _teach(competence, case.problem, _text_of(case), WordSource.CASE, words)


def unlearn(case: Case) -> None:
    """The case was reopened or erased: what it taught is forgotten, and proven again by other cases if they can."""
    forget_words(case.problem_id)
    for expert in case.experts:
        expert.skills = [skill for skill in expert.skills if skill.case_id != case.id]
        experts.touch(expert)
    db.session.flush()
    for expert in case.experts:
        for other in _proving_cases(expert, but_for=case):
            competence = _competence_of(other.problem, [expert], lexicon.current_lexicon())
            if competence is not None:
                experts.prove_skill(expert, competence.name, other)


def learn_merge(double: Problem, original: Problem) -> int:
    """Doubles say the same in other words: the double's words join the original's competence."""
    words = lexicon.current_lexicon()
    competence = _competence_of(original, [], words)
    if competence is None:
        return 0
    return _teach(competence, double, _masked(double, [double.text]), WordSource.MERGE, words)


def adopt(*, until: datetime | None = None) -> int:
    """Take the waiting words into the lexicon in force. Returns how many."""
    before = db.session.scalar(select(Number.value).where(Number.name == "evidence")) or 0
    waiting = CaseWord.id > before
    if until is not None:
        waiting &= CaseWord.made_at <= until
    count = db.session.scalar(select(func.count()).select_from(CaseWord).where(waiting)) or 0
    if not count:
        return 0
    last = db.session.scalar(select(func.max(CaseWord.id)).where(waiting)) or before
    next_revision("lexicon")
    db.session.merge(Number(name="evidence", value=last))
    record(Actor.system(), "lexicon.evidence", words=count)
    return count


def words_of(problem: Problem) -> list[CaseWord]:
    """What a problem taught, in the order in which it did."""
    return list(db.session.scalars(select(CaseWord).filter_by(problem_id=problem.id).order_by(CaseWord.id)))


def waiting() -> int:
    """How many words wait for the job."""
    taken = select(Number.value).where(Number.name == "evidence").scalar_subquery()
    query = select(func.count()).select_from(CaseWord).where(CaseWord.id > func.coalesce(taken, 0))
    return db.session.scalar(query) or 0


def _competence_of(problem: Problem, people: Sequence[Expert], words: Lexicon) -> Competence | None:
    """What the problem asks for most, weighed with what the experts show."""
    space = space_of(words)
    shares = ask(read_need(need_of(problem)), space).direction.astype(np.float64)
    if people:
        counts = [record_counts(profile, RECORD_FIELDS)[0] for profile in roster_index.profiles_of(people)]
        shown = [space.record_direction(space.place_record(one)) for one in counts]
        shares = shares * np.mean(shown, axis=0)
    best = int(np.argmax(shares))
    if shares[best] <= 0 or shares[best] < CLEAR_SHARE * shares.sum():
        return None
    return words.competences[best]


def _teach(competence: Competence, problem: Problem, text: str, source: WordSource, words: Lexicon) -> int:
    had = {normalise(term).text for _, term in competence.all_terms()} | {word.term for word in words_of(problem)}
    fresh = [word for word in naming_words(text, words) if word not in had][:MOST_WORDS]
    for word in fresh:
        db.session.add(CaseWord(competence=competence.id, term=word, source=source, problem_id=problem.id))
    return len(fresh)


def naming_words(text: str, words: Lexicon) -> list[str]:
    """Words of a text that name things and troubles, the most telling first: in few competences, but in some."""
    heard = hush_need(normalise(text).text)
    terms = _terms(words)
    found = dict.fromkeys(word for word, tag in rjieba.tag(heard) if _names_something(word, tag) or word in terms)
    spread = {word: sum(word in said for said in _said_by(words)) for word in found}
    telling = [word for word in found if 0 < spread[word] <= MOST_SPREAD or (not spread[word] and _is_special(word))]
    return sorted(telling, key=lambda word: (not spread[word], spread[word], -len(word), word))


def _names_something(word: str, tag: str) -> bool:
    return tag in NAMING and 1 < len(word) <= 12 and not word.isdigit()


def _is_special(word: str) -> bool:
    """A model number, or a long word: what no competence says yet may still be telling."""
    return len(word) > 2


@lru_cache(maxsize=2)
def _terms(words: Lexicon) -> frozenset[str]:
    """Every term of two characters or more: a verb such as 打滑 names a trouble where some competence lists it."""
    found = (normalise(term).text for one in words.competences for _, term in one.all_terms())
    return frozenset(term for term in found if len(term) > 1)


@lru_cache(maxsize=2)
def _said_by(words: Lexicon) -> tuple[str, ...]:
    """All terms of each competence as one text."""
    return tuple(normalise("。".join(term for _, term in one.all_terms())).text for one in words.competences)


def _text_of(case: Case) -> str:
    """What the enterprise, and then the experts, said of it; names, phones and firms taken out."""
    said = [case.problem.text]
    said += [diagnosis.cause for diagnosis in case.diagnoses]
    said += [fix.measures for fix in case.fixes]
    return _masked(case.problem, said, names=[expert.name for expert in case.experts])


def _masked(problem: Problem, texts: Iterable[str], *, names: Iterable[str] = ()) -> str:
    people = [name for name in (problem.menu.contact_name, problem.enterprise.contact_name) if name]
    return mask_text("。".join(filter(None, texts)), names=[*people, *names], firms=[problem.enterprise.name])


def _proving_cases(expert: Expert, *, but_for: Case) -> list[Case]:
    query = (
        select(Case)
        .join(Dispatch, Dispatch.case_id == Case.id)
        .where(
            Dispatch.expert_id == expert.id,
            Dispatch.state == DispatchState.DONE,
            Case.state == CaseState.CONFIRMED,
            Case.outcome == Outcome.SOLVED,
            Case.id != but_for.id,
        )
        .order_by(Case.id)
    )
    return list(db.session.scalars(query))
