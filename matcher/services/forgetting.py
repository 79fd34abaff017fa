"""What the matcher keeps of a person or a firm beside the record itself, and how it is erased."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select

from matcher.db import db
from matcher.models import Actor, CaseWord, Expert, Problem, Proposal, TextVector
from matcher.services import snapshots
from matcher.services.history import record
from matcher.services.numbers import next_revision


def forget_expert(expert: Expert, *, by: Actor) -> None:
    """Erase every version of an expert's record, the words of it that proposals quote, and what a model made of it."""
    count = snapshots.forget(expert_id=expert.id)
    db.session.execute(delete(TextVector).where(TextVector.expert_id == expert.id))
    for proposal in db.session.scalars(select(Proposal).where(Proposal.expert_id == expert.id)):
        proposal.reasons = _without_quotes(proposal.reasons, "expert_spans")
    record(by, "expert.forget_versions", expert, versions=count)


def forget_problem(problem: Problem, *, by: Actor) -> None:
    """Erase every version of a problem's text, the words that proposals quote of it, and what it taught."""
    count = snapshots.forget(problem_id=problem.id)
    db.session.execute(delete(TextVector).where(TextVector.problem_id == problem.id))
    forget_words(problem.id)
    for proposal in db.session.scalars(select(Proposal).where(Proposal.problem_id == problem.id)):
        proposal.reasons = _without_quotes(proposal.reasons, "need_spans")
    record(by, "problem.forget_versions", problem, versions=count)


def forget_words(problem_id: int) -> None:
    """What a problem taught the lexicon is not heard any more, at once."""
    gone = db.session.scalars(delete(CaseWord).where(CaseWord.problem_id == problem_id).returning(CaseWord.id)).all()
    if gone:
        next_revision("lexicon")


def _without_quotes(reasons: Mapping[str, Any], side: str) -> dict[str, Any]:
    """Reasons without the spans of one side; places and points stay, words go."""
    emptied = [{**part, side: []} for part in reasons.get("parts", [])]
    return {**reasons, "parts": emptied, side: [], "alike": []}
