"""One door per thing for staff: visible_*(user) is the list, *_for(user, id) the thing itself or NotFound."""

from typing import Any, TypeVar

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from matcher.db import Base, db
from matcher.errors import NotFound
from matcher.models import (
    Activity,
    Attachment,
    Benefit,
    Case,
    Complaint,
    Diagnosis,
    Dispatch,
    Enterprise,
    Expert,
    Fix,
    Import,
    Loan,
    LoanState,
    LogEntry,
    Menu,
    Notice,
    Office,
    Problem,
    Report,
    SolutionCard,
    User,
    Visit,
)
from matcher.models.cards import Lead

T = TypeVar("T", bound=Base)
Entry = TypeVar("Entry", Visit, Diagnosis, Fix)


def visible_offices(user: User) -> Select[Office]:
    """The user's office and all below it."""
    return select(Office).where(Office.path.startswith(user.office.path))


def visible_problems(user: User) -> Select[Problem]:
    """Problems that came in within the subtree, and those handled there for others."""
    owner, handler = aliased(Office), aliased(Office)
    path = user.office.path
    return (
        select(Problem)
        .join(owner, Problem.owner_office_id == owner.id)
        .join(handler, Problem.office_id == handler.id)
        .where(or_(owner.path.startswith(path), handler.path.startswith(path)))
    )


def visible_cases(user: User) -> Select[Case]:
    """Cases of visible problems."""
    return select(Case).where(Case.problem_id.in_(visible_problems(user).with_only_columns(Problem.id)))


def visible_dispatches(user: User) -> Select[Dispatch]:
    """Dispatches of visible problems."""
    return select(Dispatch).where(Dispatch.problem_id.in_(visible_problems(user).with_only_columns(Problem.id)))


def visible_menus(user: User) -> Select[Menu]:
    """Menus that have a visible problem."""
    return select(Menu).where(Menu.id.in_(visible_problems(user).with_only_columns(Problem.menu_id)))


def visible_experts(user: User) -> Select[Expert]:
    """Experts of the subtree, of the offices above, and those lent to the subtree."""
    lent = (
        select(Loan.expert_id)
        .join(Office, Loan.office_id == Office.id)
        .where(Loan.state == LoanState.AGREED, Office.path.startswith(user.office.path))
    )
    return (
        select(Expert)
        .join(Office, Expert.office_id == Office.id)
        .where(
            or_(
                Office.path.startswith(user.office.path),
                Office.id.in_(user.office.ancestor_ids),
                Expert.id.in_(lent),
            )
        )
    )


def visible_enterprises(user: User) -> Select[Enterprise]:
    """Enterprises of the subtree, and those whose problem is handled there."""
    asking = select(Menu.enterprise_id).where(Menu.id.in_(visible_problems(user).with_only_columns(Problem.menu_id)))
    return _in_subtree(user, Enterprise, Enterprise.office_id, or_also=Enterprise.id.in_(asking))


def visible_activities(user: User) -> Select[Activity]:
    """Activities of the subtree."""
    return _in_subtree(user, Activity, Activity.office_id)


def visible_reports(user: User) -> Select[Report]:
    """Reports of the subtree."""
    return _in_subtree(user, Report, Report.office_id)


def visible_users(user: User) -> Select[User]:
    """Accounts of the subtree."""
    return _in_subtree(user, User, User.office_id)


def visible_complaints(user: User) -> Select[Complaint]:
    """Complaints and suggestions to offices of the subtree."""
    return _in_subtree(user, Complaint, Complaint.office_id)


def visible_log(user: User) -> Select[LogEntry]:
    """Lines of the log about things of the subtree."""
    return _in_subtree(user, LogEntry, LogEntry.office_id)


def visible_cards(user: User) -> Select[SolutionCard]:
    """Solution cards of the subtree and of the offices above."""
    return (
        select(SolutionCard)
        .join(Office, SolutionCard.office_id == Office.id)
        .where(or_(Office.path.startswith(user.office.path), Office.id.in_(user.office.ancestor_ids)))
    )


def visible_leads(user: User) -> Select[Lead]:
    """五小 leads of the subtree."""
    return _in_subtree(user, Lead, Lead.office_id)


def visible_imports(user: User) -> Select[Import]:
    """Files that offices of the subtree are loading."""
    return _in_subtree(user, Import, Import.office_id)


def office_for(user: User, office_id: int) -> Office:
    """An office of the subtree."""
    return _one(visible_offices(user).where(Office.id == office_id))


def problem_for(user: User, problem_id: int) -> Problem:
    """A problem among yours."""
    return _one(visible_problems(user).where(Problem.id == problem_id))


def case_for(user: User, case_id: int) -> Case:
    """A case among yours."""
    return _one(visible_cases(user).where(Case.id == case_id))


def dispatch_for(user: User, dispatch_id: int) -> Dispatch:
    """A dispatch among yours."""
    return _one(visible_dispatches(user).where(Dispatch.id == dispatch_id))


def menu_for(user: User, menu_id: int) -> Menu:
    """A menu among yours."""
    return _one(visible_menus(user).where(Menu.id == menu_id))


def expert_for(user: User, expert_id: int) -> Expert:
    """An expert you may send."""
    return _one(visible_experts(user).where(Expert.id == expert_id))


def enterprise_for(user: User, enterprise_id: int) -> Enterprise:
    """An enterprise among yours."""
    return _one(visible_enterprises(user).where(Enterprise.id == enterprise_id))


def activity_for(user: User, activity_id: int) -> Activity:
    """An activity among yours."""
    return _one(visible_activities(user).where(Activity.id == activity_id))


def report_for(user: User, report_id: int) -> Report:
    """A report among yours."""
    return _one(visible_reports(user).where(Report.id == report_id))


def account_for(user: User, user_id: int) -> User:
    """An account among yours."""
    return _one(visible_users(user).where(User.id == user_id))


def complaint_for(user: User, complaint_id: int) -> Complaint:
    """A complaint among yours."""
    return _one(visible_complaints(user).where(Complaint.id == complaint_id))


def card_for(user: User, card_id: int) -> SolutionCard:
    """A solution card you may read."""
    return _one(visible_cards(user).where(SolutionCard.id == card_id))


def lead_for(user: User, lead_id: int) -> Lead:
    """A 五小 lead among yours."""
    return _one(visible_leads(user).where(Lead.id == lead_id))


def import_for(user: User, import_id: int) -> Import:
    """A file being loaded among yours."""
    return _one(visible_imports(user).where(Import.id == import_id))


def notice_for(user: User, notice_id: int) -> Notice:
    """A notice to yourself, or one that your office hands on."""
    mine = or_(Notice.user_id == user.id, (Notice.user_id.is_(None)) & (Notice.office_id == user.office_id))
    return _one(select(Notice).where(Notice.id == notice_id, mine))


def benefit_for(user: User, benefit_id: int) -> Benefit:
    """A line of the ledger of a case among yours."""
    cases = visible_cases(user).with_only_columns(Case.id)
    return _one(select(Benefit).where(Benefit.id == benefit_id, Benefit.case_id.in_(cases)))


def entry_for(user: User, noun: type[Entry], entry_id: int) -> Entry:
    """A visit, diagnosis or fix of a case among yours."""
    cases = visible_cases(user).with_only_columns(Case.id)
    return _one(select(noun).where(noun.id == entry_id, noun.case_id.in_(cases)))


def attachment_for(user: User, attachment_id: int) -> Attachment:
    """A photo or paper of a thing among yours."""
    found = _one(select(Attachment).where(Attachment.id == attachment_id, Attachment.removed_at.is_(None)))
    door = _HOLDERS.get(found.subject_kind)
    if door is None:
        raise NotFound("没有找到这个文件。")
    door(user, found.subject_id)
    return found


_HOLDERS = {
    "menu": menu_for,
    "problem": problem_for,
    "case": case_for,
    "activity": activity_for,
    "expert": expert_for,
    "enterprise": enterprise_for,
    "benefit": benefit_for,
    "visit": lambda user, number: entry_for(user, Visit, number),
    "diagnosis": lambda user, number: entry_for(user, Diagnosis, number),
    "fix": lambda user, number: entry_for(user, Fix, number),
}


def _in_subtree(user: User, noun: type[T], office_id: InstrumentedAttribute[Any], *, or_also: Any = None) -> Select[T]:
    inside = Office.path.startswith(user.office.path)
    return select(noun).join(Office, office_id == Office.id).where(inside if or_also is None else or_(inside, or_also))


def _one(query: Select[T]) -> T:
    found = db.session.scalar(query)
    if found is None:
        raise NotFound("没有找到，或者不属于您的工会。")
    return found
