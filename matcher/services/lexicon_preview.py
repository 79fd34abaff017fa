"""What a change of the lexicon touches, before it is saved: open problems whose first experts change, and experts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from matcher.db import db
from matcher.matching import Index, Lexicon, Profile, rank
from matcher.matching.normal import normalise
from matcher.models import Expert, ExpertState, Office, Problem
from matcher.models.menus import OPEN
from matcher.services import lexicon, roster_index
from matcher.services.lexicon import Entry
from matcher.services.lexicon_edits import not_in
from matcher.services.needs import need_of

#: A preview looks at so many open problems and experts at the most, the newest.
MOST_PROBLEMS, MOST_EXPERTS = 120, 1500
#: An order is told down to this place.
SHOWN = 3
#: A term that stands in the records of more than this share of the experts fits everything.
TOO_WIDE, FEW = 0.5, 10
#: A change of an expert's strength in the competence that is worth telling (the strongest competence is 1).
WORTH_TELLING = 0.05


@dataclass(frozen=True, slots=True)
class TouchedProblem:
    """An open problem with the first experts before and after."""

    problem: Problem
    before: tuple[Expert, ...]
    after: tuple[Expert, ...]

    @property
    def is_reordered(self) -> bool:
        """Whether somebody else comes first, second or third."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class TouchedExpert:
    """An expert with the strength of the competence in the record, before and after (0 to 1)."""

    expert: Expert
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change touches. `wide` are new words that fit almost everything."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    wide: tuple[str, ...]
    problems: tuple[TouchedProblem, ...]
    experts: tuple[TouchedExpert, ...]


def preview(office: Office, competence: str, entry: Entry | None) -> Preview:
    """What the change would touch among the open problems and the experts of an office's subtree."""
    before, after = lexicon.current_lexicon(), lexicon.with_entry(competence, entry)
    old_terms, new_terms = _terms_of(before, competence), _terms_of(after, competence)
    added, removed = not_in(new_terms, old_terms), not_in(old_terms, new_terms)
    experts = _experts(office)
    profiles = roster_index.profiles_of(experts)
    weights = roster_index.current_weights()
    old, new = Index.build(profiles, before, weights), Index.build(profiles, after, weights)
    people = {str(expert.id): expert for expert in experts}
    said = [normalise(term).text for term in (*added, *removed)]
    return Preview(
        added=added,
        removed=removed,
        wide=_too_wide(added, old),
        problems=tuple(_touched_problems(office, old, new, people, said)),
        experts=tuple(_touched_experts(competence, old, new, people)),
    )


def _terms_of(found: Lexicon, competence: str) -> tuple[str, ...]:
    place = found.place_of.get(competence)
    return tuple(term for _, term in found.competences[place].all_terms()) if place is not None else ()


def _too_wide(added: Sequence[str], index: Index) -> tuple[str, ...]:
    shelf = index.shelf
    texts = [normalise("。".join(_texts(shelf.profile(row)))).text for row in range(len(shelf))]
    if len(texts) < FEW:
        return ()
    return tuple(term for term in added if sum(normalise(term).text in text for text in texts) > TOO_WIDE * len(texts))


def _texts(profile: Profile) -> list[str]:
    said = [profile.trade, profile.title, profile.employer, profile.profile]
    return said + [skill.text for skill in profile.skills]


def _touched_problems(
    office: Office, old: Index, new: Index, people: Mapping[str, Expert], said: Sequence[str]
) -> Iterable[TouchedProblem]:
    for problem in _open_problems(office):
        need = need_of(problem)
        first = [tuple(people[one] for one in rank(need, index, limit=SHOWN)) for index in (old, new)]
        text = normalise(f"{need.title}。{need.text}").text
        if first[0] != first[1] or any(word in text for word in said):
            yield TouchedProblem(problem, first[0], first[1])


def _touched_experts(competence: str, old: Index, new: Index, people: Mapping[str, Expert]) -> Iterable[TouchedExpert]:
    for number, expert in people.items():
        before, after = _strength(competence, old, number), _strength(competence, new, number)
        if abs(after - before) >= WORTH_TELLING:
            yield TouchedExpert(expert, before, after)


def _strength(competence: str, index: Index, expert_id: str) -> float:
    place = index.space.lexicon.place_of.get(competence)
    found = index.find(expert_id)
    if place is None or found is None:
        return 0.0
    direction = found[0].direction(found[1])
    strongest = float(direction.max(initial=0.0))
    return float(direction[place]) / strongest if strongest else 0.0


def _open_problems(office: Office) -> list[Problem]:
    query = (
        select(Problem)
        .join(Office, Problem.office_id == Office.id)
        .where(Office.path.startswith(office.path), Problem.state.in_(OPEN))
        .order_by(Problem.id.desc())
        .limit(MOST_PROBLEMS)
    )
    return list(db.session.scalars(query))


def _experts(office: Office) -> list[Expert]:
    query = (
        select(Expert)
        .join(Office, Expert.office_id == Office.id)
        .where(
            Expert.state == ExpertState.ACTIVE,
            or_(Office.path.startswith(office.path), Office.id.in_(office.ancestor_ids)),
        )
        .order_by(Expert.id.desc())
        .limit(MOST_EXPERTS)
    )
    return list(db.session.scalars(query))
