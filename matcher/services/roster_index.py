"""The engine's index of the roster, kept in memory and true to the database's sequence numbers.

A small roster is built where it is asked for. A large one is built by the job and mapped from files; until the job
has built it for a changed lexicon, the old one goes on answering.
"""

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from sqlalchemy import func, make_url, select

from matcher.db import db
from matcher.matching import (
    Index,
    Lexicon,
    Profile,
    SkillText,
    Weights,
    open_index,
    shipped_weights,
    weights_from,
)
from matcher.models import (
    Case,
    CaseState,
    Dispatch,
    DispatchState,
    Expert,
    ExpertState,
    Outcome,
    Problem,
    Skill,
    SkillBasis,
    WeightSet,
)
from matcher.services import lexicon
from matcher.services.lexicon import Edition
from matcher.services.numbers import current_revision, is_uncommitted

#: Up to so many experts an index is built while somebody waits.
INLINE = 3000
#: From so many changed experts on the job builds a saved index anew.
STALE = 500
#: From so many on all processors read them.
MANY = 20_000
#: What a phrase that nobody confirmed counts beside a declared one of the same basis: on the published cases more than
#: this made the order worse, this left it as it was.
UNCONFIRMED = 0.2
#: As many solved cases of an expert speak for them, the newest.
MOST_PROVEN = 12


@dataclass(frozen=True, slots=True)
class Kept:
    """An index with the roster's revision and the lexicon's edition that it is true to."""

    revision: int
    edition: Edition
    index: Index


#: One index per database and process; the lock lets one thread build while the others wait for it.
_kept: dict[str, Kept] = {}
_folders: dict[str, Path] = {}
_lock = Lock()


def start(url: str, folder: Path) -> None:
    """An application begins with this database: nothing is remembered of an earlier one, and the job writes the index
    of a large roster into this folder."""
    key = str(make_url(url))
    _folders[key] = folder
    _kept.pop(key, None)
    lexicon.start(key)


def current_index() -> Index:
    """The index of everybody on the roster as the database has it now."""
    return current().index


def current() -> Kept:
    """The index with its versions. Two cheap queries tell whether somebody, or the lexicon, changed; then only
    those who did are read again."""
    key = _key()
    revision, (words, edition) = current_revision("roster"), lexicon.in_force()
    kept = _kept.get(key)
    if kept is not None and (kept.revision, kept.edition) == (revision, edition):
        return kept
    if is_uncommitted("roster", "lexicon"):
        # What may be rolled back is for this session only: no other may take it for the truth.
        return _brought_up(kept, revision, words, edition)
    with _lock:
        _kept[key] = _brought_up(_kept.get(key), revision, words, edition)
        return _kept[key]


def _brought_up(kept: Kept | None, revision: int, words: Lexicon, edition: Edition) -> Kept:
    """The index of a revision, from what is kept if it can be, else from the files or the database."""
    if kept is None or kept.revision > revision or not _same_words(kept, words):
        kept = _opened(words, edition) or _built(words, edition, kept)
    index = kept.index if kept.revision >= revision else _topped_up(kept)
    return Kept(revision, kept.edition, index)


def build_files() -> int | None:
    """Build the index of a large roster into its folder. None: nothing to do."""
    folder = _folders.get(_key())
    words, edition = lexicon.in_force()
    if folder is None or not _is_large():
        return None
    saved = _opened(words, edition)
    if saved is not None and _changed_since(saved.revision) < STALE:
        return None
    # The number first: who changes while we read is read again, never missed.
    revision = current_revision("roster")
    people = profiles_of(_experts(since=-1))
    index = Index.build(people, words, shipped_weights(), sequence=revision, processes=_processes(len(people)))
    index.save(folder)
    return len(index)


def current_weights() -> Weights:
    """The weights adopted last in this installation, else the shipped ones."""
    query = select(WeightSet).where(WeightSet.adopted_at.is_not(None), WeightSet.withdrawn_at.is_(None))
    adopted = db.session.scalar(query.order_by(WeightSet.id.desc()).limit(1))
    return weights_from(adopted.weights) if adopted is not None else shipped_weights()


def profiles_of(experts: Sequence[Expert], *, without: Collection[int] = ()) -> list[Profile]:
    """Experts as the engine sees them: no name, no phone, no honour. What the cases `without` taught is left out."""
    solved = _solved_by([expert.id for expert in experts], without)
    return [_profile(expert, solved.get(expert.id, []), without) for expert in experts]


def profile_of(expert: Expert) -> Profile:
    """One expert as the engine sees them."""
    return profiles_of([expert])[0]


def without_cases(profile: Profile) -> Profile:
    """A record as it would be if no case had ever shown anything: for fitting, which must not learn its own answers."""
    return replace(profile, proven=(), skills=tuple(one for one in profile.skills if one.basis != "proven"))


def _profile(expert: Expert, solved: Sequence[str], without: Collection[int]) -> Profile:
    skills = [skill for skill in expert.skills if skill.case_id is None or skill.case_id not in without]
    return Profile(
        id=str(expert.id),
        trade=expert.trade,
        title=expert.title,
        profile=expert.profile,
        employer=expert.employer,
        skills=tuple(SkillText(skill.text, skill.basis.value, _loudness(skill)) for skill in skills),
        industries=tuple(expert.industries),
        proven=tuple(solved[:MOST_PROVEN]),
    )


def _loudness(skill: Skill) -> float:
    return UNCONFIRMED if skill.basis is SkillBasis.INFERRED else 1.0


def _solved_by(expert_ids: Sequence[int], without: Collection[int]) -> dict[int, list[str]]:
    """Texts of the problems that experts solved, as their enterprises confirmed, the newest first."""
    query = (
        select(Dispatch.expert_id, Case.id, Problem.text)
        .join(Case, Dispatch.case_id == Case.id)
        .join(Problem, Case.problem_id == Problem.id)
        .where(Dispatch.state == DispatchState.DONE, Case.state == CaseState.CONFIRMED, Case.outcome == Outcome.SOLVED)
        .order_by(Case.id.desc())
    )
    if len(expert_ids) <= INLINE:
        query = query.where(Dispatch.expert_id.in_(expert_ids))
    found: dict[int, list[str]] = {}
    for expert_id, case_id, text in db.session.execute(query):
        if case_id not in without:
            found.setdefault(expert_id, []).append(text)
    return found


def _opened(words: Lexicon, edition: Edition) -> Kept | None:
    folder = _folders.get(_key())
    index = open_index(folder, words) if folder is not None and folder.exists() else None
    return Kept(index.sequence, edition, index) if index is not None else None


def _built(words: Lexicon, edition: Edition, old: Kept | None) -> Kept:
    if old is not None and old.revision <= current_revision("roster") and len(old.index) > INLINE:
        return old
    revision = current_revision("roster")
    return Kept(revision, edition, Index.build(profiles_of(_experts(since=-1)), words, shipped_weights()))


def _same_words(kept: Kept, words: Lexicon) -> bool:
    return kept.index.space.lexicon.version == words.version


def _topped_up(kept: Kept) -> Index:
    changed = _experts(since=kept.revision)
    gone = [str(expert.id) for expert in changed if expert.state is ExpertState.LEFT]
    here = profiles_of([expert for expert in changed if expert.state is not ExpertState.LEFT])
    return kept.index.with_changes(here, gone)


def _experts(*, since: int) -> list[Expert]:
    query = select(Expert).where(Expert.revision > since)
    if since < 0:
        query = query.where(Expert.state != ExpertState.LEFT)
    return list(db.session.scalars(query))


def _processes(people: int) -> int:
    """Few are read sooner than other processes start."""
    return os.cpu_count() or 1 if people >= MANY else 1


def _is_large() -> bool:
    return (db.session.scalar(select(func.count()).select_from(Expert)) or 0) > INLINE


def _changed_since(revision: int) -> int:
    return db.session.scalar(select(func.count()).where(Expert.revision > revision)) or 0


def _key() -> str:
    return str(db.engine.url)
