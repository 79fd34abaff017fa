"""Doors and rights: the neighbour's things are not found, and every role does only what its hat allows."""

import pytest

from matcher.access import doors
from matcher.access.rights import Relation, Right, may, relation
from matcher.db import db
from matcher.errors import NotFound
from matcher.models import Actor, CaseState, LoanState, ProblemState, Role
from matcher.services import loans, problems
from tests.factories import (
    make_case,
    make_enterprise,
    make_expert,
    make_office,
    make_problem,
    make_user,
    staff,
)

pytestmark = pytest.mark.usefixtures("ctx")

COUNTY, CITY, NEIGHBOUR, TOWN = "320923", "320900", "320924", "320923109"
PROVINCE = "320000"
R = Right

#: (role, where they sit) -> the rights they have over a problem of the county.
ALLOWED = {
    (Role.DISPATCHER, COUNTY): {
        R.READ,
        R.HANDLE,
        R.RECORD,
        R.REVEAL,
        R.EXPORT,
        R.ROSTER,
        R.ACTIVITIES,
        R.ADOPT_BENEFIT,
        R.READ_FIGURES,
        R.READ_COMPLAINTS,
        R.READ_FROZEN,
    },
    (Role.LEADER, COUNTY): {R.READ, R.EXPORT, R.READ_FIGURES, R.READ_COMPLAINTS, R.READ_FROZEN},
    (Role.WRITER, COUNTY): {R.READ, R.EXPORT, R.READ_FIGURES, R.DRAFT_REPORT, R.SUBMIT_REPORT, R.READ_FROZEN},
    (Role.VERIFIER, COUNTY): {R.READ, R.VERIFY_BENEFIT, R.READ_FIGURES, R.READ_FROZEN},
    (Role.ADMIN, COUNTY): {
        R.READ,
        R.EXPORT_OPEN,
        R.ROSTER,
        R.MANAGE_USERS,
        R.MANAGE_OFFICE,
        R.MANAGE_WORDS,
        R.MANAGE_LEXICON,
        R.READ_LOG,
        R.REPLAY,
    },
    (Role.AUDITOR, COUNTY): {R.READ_LOG, R.READ_FROZEN, R.REPLAY},
    (Role.LEADER, CITY): {R.READ, R.EXPORT, R.READ_FIGURES, R.READ_COMPLAINTS, R.READ_FROZEN, R.TAKE_REPORT},
    (Role.WRITER, CITY): {R.READ, R.EXPORT, R.READ_FIGURES, R.READ_FROZEN, R.TAKE_REPORT},
    (Role.VERIFIER, CITY): {R.READ, R.VERIFY_BENEFIT, R.READ_FIGURES, R.READ_FROZEN},
    (Role.DISPATCHER, NEIGHBOUR): set(),
    (Role.LEADER, NEIGHBOUR): set(),
    (Role.ADMIN, NEIGHBOUR): set(),
    (Role.AUDITOR, NEIGHBOUR): set(),
    (Role.DISPATCHER, TOWN): set(),
    (Role.EXPERT, COUNTY): set(),
}


#: right -> hats and the relations of the office it holds for: O own, P straight below, B further below, S handed away
#: by us. Written by hand from product.md 4, not from the code.
RIGHTS = """
read            dispatcher OPBS  leader OPBS  writer OPBS  verifier OPBS  admin OPBS
handle          dispatcher OPB
record          dispatcher OPB
reveal          dispatcher OPB
export          dispatcher OPB  writer OPB  leader OPB
export_open     admin O
roster          dispatcher OPB  admin OPB
activities      dispatcher OPB
adopt_benefit   dispatcher OPB
verify_benefit  verifier OPB
read_figures    dispatcher OPB  leader OPB  writer OPB  verifier OPB
draft_report    writer O
submit_report   writer O
take_report     writer PB  leader PB
read_complaints dispatcher OPB  leader OPB
manage_users    admin OPB
manage_office   admin OPB
manage_words    admin OPB
manage_lexicon  admin OPB
read_log        auditor OPB  admin O
read_frozen     auditor OPB  dispatcher OPB  leader OPB  writer OPB  verifier OPB
replay          auditor OPB  admin OPB
"""
SEATS = {
    "O": Relation.OWN,
    "P": Relation.PARENT_OF,
    "B": Relation.BELOW,
    "S": Relation.SENT_AWAY,
    "-": Relation.NONE,
}


def rights_by_hand() -> set[tuple[Right, Role, str]]:
    found = set()
    for line in filter(str.strip, RIGHTS.splitlines()):
        right, *pairs = line.split()
        for role, letters in zip(pairs[::2], pairs[1::2], strict=True):
            found |= {(Right(right), Role(role), letter) for letter in letters}
    return found


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("seat", SEATS)
def test_every_right_of_every_hat_in_every_relation_of_the_office(seat: str, role: Role) -> None:
    problem = make_problem(ProblemState.ACCEPTED, office=make_office(COUNTY))
    if seat == "S":
        problems.hand_over(problem, make_office(CITY), "县里没有合适的专家", by=staff())
    code = {"O": COUNTY, "P": CITY, "B": PROVINCE, "S": COUNTY, "-": NEIGHBOUR}[seat]
    user = make_user(role, office=make_office(code))
    assert relation(user, problem) is SEATS[seat]
    expected = {right for right, hat, letter in rights_by_hand() if (hat, letter) == (role, seat)}
    assert {right for right in Right if may(user, right, problem)} == expected


def test_every_right_has_a_row() -> None:
    assert {right for right, _role, _seat in rights_by_hand()} == set(Right)


@pytest.mark.parametrize(("role", "code"), ALLOWED)
def test_a_hat_gives_these_rights_over_a_county_problem_and_no_others(role: Role, code: str) -> None:
    user = make_user(role, office=make_office(code))
    problem = make_problem(office=make_office(COUNTY))
    assert {right for right in Right if may(user, right, problem)} == ALLOWED[role, code]


def test_a_closed_account_may_nothing() -> None:
    user = make_user(Role.DISPATCHER)
    user.is_active = False
    assert not any(may(user, right, make_problem()) for right in Right)


@pytest.mark.parametrize("door", [doors.problem_for, doors.case_for, doors.dispatch_for])
def test_the_neighbours_work_is_not_found(door) -> None:
    case = make_case(CaseState.OPENED)
    thing = {doors.problem_for: case.problem, doors.case_for: case, doors.dispatch_for: case.dispatches[0]}[door]
    assert door(make_user(), thing.id) is thing
    assert door(make_user(office=make_office(CITY)), thing.id) is thing
    with pytest.raises(NotFound):
        door(make_user(office=make_office(NEIGHBOUR)), thing.id)


def test_a_problem_that_was_escalated_is_seen_by_both_offices_and_handled_by_the_upper() -> None:
    problem = make_problem(ProblemState.ACCEPTED)
    problems.hand_over(problem, make_office(CITY), "县里没有合适的专家", by=staff())
    county, city = make_user(), make_user(office=make_office(CITY))
    assert doors.problem_for(county, problem.id) is problem
    assert may(county, R.READ, problem)
    assert not may(county, R.HANDLE, problem)
    assert may(city, R.HANDLE, problem)


def test_experts_of_the_offices_above_are_seen_and_the_neighbours_are_not() -> None:
    ours, citys, theirs = (
        make_expert(),
        make_expert(office=make_office(CITY)),
        make_expert(office=make_office(NEIGHBOUR)),
    )
    user = make_user()
    assert doors.expert_for(user, ours.id) is ours
    assert doors.expert_for(user, citys.id) is citys
    with pytest.raises(NotFound):
        doors.expert_for(user, theirs.id)


def test_a_lent_expert_is_seen_while_lent() -> None:
    expert, here = make_expert(office=make_office(NEIGHBOUR)), make_office(COUNTY)
    owner = staff(office=make_office(NEIGHBOUR))
    loan = loans.ask(expert, here, "需要水产专家", by=staff())
    with pytest.raises(NotFound):
        doors.expert_for(make_user(), expert.id)
    loans.agree(loan, by=owner)
    assert loan.state is LoanState.AGREED
    assert doors.expert_for(make_user(), expert.id) is expert
    loans.end(loan, by=owner)
    with pytest.raises(NotFound):
        doors.expert_for(make_user(), expert.id)


def test_an_enterprise_of_the_neighbour_is_not_found() -> None:
    enterprise = make_enterprise(office=make_office(NEIGHBOUR))
    with pytest.raises(NotFound):
        doors.enterprise_for(make_user(), enterprise.id)


def test_the_log_of_a_county_is_not_read_next_door() -> None:
    make_problem(by=Actor(user=make_user()))
    theirs = db.session.scalars(doors.visible_log(make_user(Role.AUDITOR, office=make_office(NEIGHBOUR)))).all()
    assert all(entry.office_id == make_office(NEIGHBOUR).id for entry in theirs)
