"""Doors for those who come by a personal link or as an expert: nothing but what is theirs."""

from sqlalchemy import Select, select

from matcher.db import db
from matcher.errors import NotFound
from matcher.models import Attachment, Benefit, Case, Dispatch, DispatchState, Expert, Menu, Problem, Visit


def problem_on(menu: Menu, problem_id: int) -> Problem:
    """A problem of the menu whose link was opened."""
    found = next((problem for problem in menu.problems if problem.id == problem_id), None)
    if found is None:
        raise NotFound("没有找到这个难题。")
    return found


def dispatches_of(expert: Expert) -> Select[Dispatch]:
    """Everything the expert was ever asked."""
    return select(Dispatch).where(Dispatch.expert_id == expert.id)


def own_dispatch(expert: Expert, dispatch_id: int) -> Dispatch:
    """An offer to this very expert."""
    found = db.session.scalar(dispatches_of(expert).where(Dispatch.id == dispatch_id))
    if found is None:
        raise NotFound("没有找到这次点将。")
    return found


def own_case(expert: Expert, case_id: int) -> Case:
    """A case in which the expert works, or worked to the end. Who left or was recalled no longer sees it."""
    at_work = (DispatchState.ACCEPTED, DispatchState.DONE)
    query = (
        select(Case)
        .join(Dispatch, Dispatch.case_id == Case.id)
        .where(Case.id == case_id, Dispatch.expert_id == expert.id, Dispatch.state.in_(at_work))
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound("没有找到这个服务单。")
    return found


def own_visit(expert: Expert, visit_id: int) -> Visit:
    """A visit of a case in which the expert works."""
    visit = db.session.get(Visit, visit_id)
    if visit is None:
        raise NotFound("没有找到这次上门。")
    own_case(expert, visit.case_id)
    return visit


def attachment_on(menu: Menu, attachment_id: int) -> Attachment:
    """A photo that hangs on the menu or one of its problems, not on what the union or expert keeps."""
    ids = [problem.id for problem in menu.problems]
    return _attachment(attachment_id, {("menu", menu.id), *(("problem", i) for i in ids)})


def attachment_of_case(case: Case, attachment_id: int) -> Attachment:
    """A photo of the case, of an entry in it, or of what the enterprise sent."""
    holders = {("case", case.id), ("problem", case.problem_id), ("menu", case.problem.menu_id)}
    holders |= {("visit", visit.id) for visit in case.visits}
    holders |= {("diagnosis", diagnosis.id) for diagnosis in case.diagnoses}
    holders |= {("fix", fix.id) for fix in case.fixes}
    holders |= {("benefit", line) for line in db.session.scalars(select(Benefit.id).filter_by(case_id=case.id))}
    return _attachment(attachment_id, holders)


def _attachment(attachment_id: int, holders: set[tuple[str, int]]) -> Attachment:
    found = db.session.get(Attachment, attachment_id)
    if found is None or found.removed_at is not None or (found.subject_kind, found.subject_id) not in holders:
        raise NotFound("没有找到这个文件。")
    return found
