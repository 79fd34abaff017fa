"""Life cycles: the tables of product.md section 3, every state x action x party of them."""

import pytest

from matcher.db import today
from matcher.errors import NotAllowed, WrongMove
from matcher.models import Actor, Channel, Expert, Party, User
from matcher.models.activities import ACTIVITY_LIFE
from matcher.models.actors import Behalf
from matcher.models.cards import LEAD_LIFE
from matcher.models.cases import CASE_LIFE, VISIT_LIFE
from matcher.models.dispatches import DISPATCH_LIFE
from matcher.models.lifecycle import LifeCycle
from matcher.models.menus import PROBLEM_LIFE
from matcher.models.reports import REPORT_LIFE

ENT, EXP, OFF, UPP, SYS = Party.ENTERPRISE, Party.EXPERT, Party.OFFICE, Party.UPPER, Party.SYSTEM

#: noun -> "from action to: parties"; written by hand from the specification, not from the code.
EXPECTED: dict[str, tuple[LifeCycle, str]] = {
    "problem": (
        PROBLEM_LIFE,
        """
        submitted accept accepted: O
        submitted ask returned: O
        submitted reject rejected: O
        submitted withdraw withdrawn: E
        submitted escalate submitted: O
        submitted pass_down submitted: O
        submitted hand_over submitted: O
        returned answer submitted: E
        returned withdraw withdrawn: E
        returned lapse lapsed: S
        accepted ask returned: O
        accepted dispatch dispatched: O
        accepted solve_by_card solved: O E
        accepted solve_by_phone solved: O
        accepted give_up unsolved: O
        accepted withdraw withdrawn: E
        accepted escalate accepted: O S
        accepted pass_down accepted: O
        accepted hand_over accepted: O
        dispatched free accepted: O X S
        dispatched close_solved solved: X O
        dispatched close_partly partly: X O
        dispatched close_unsolved unsolved: X O
        dispatched close_sent_up accepted: X O
        dispatched withdraw withdrawn: E
        solved reopen accepted: E O
        partly reopen accepted: E O
        unsolved reopen accepted: E O
        """,
    ),
    "dispatch": (
        DISPATCH_LIFE,
        """
        offered accept accepted: X
        offered set_terms terms: X
        offered decline declined: X
        offered expire expired: S
        offered recall recalled: O S
        terms agree accepted: O
        terms refuse recalled: O
        terms recall recalled: O S
        terms expire expired: S
        accepted release released: X
        accepted recall recalled: O S
        accepted finish done: S
        """,
    ),
    "case": (
        CASE_LIFE,
        """
        opened diagnose diagnosed: X
        opened close_unsolved closed: X O
        opened abandon abandoned: S
        diagnosed diagnose diagnosed: X
        diagnosed fix fixed: X
        diagnosed close_unsolved closed: X O
        diagnosed abandon abandoned: S
        fixed diagnose fixed: X
        fixed fix fixed: X
        fixed close closed: X O
        fixed close_unsolved closed: X O
        fixed abandon abandoned: S
        closed confirm confirmed: E
        closed leave_unanswered unanswered: S
        closed reopen reopened: E O
        unanswered confirm confirmed: E
        unanswered reopen reopened: E O
        confirmed reopen reopened: E O
        """,
    ),
    "visit": (
        VISIT_LIFE,
        """
        planned hold held: X O
        planned postpone moved: X E O
        planned cancel cancelled: X O S
        planned miss no_show: X E O
        """,
    ),
    "activity": (ACTIVITY_LIFE, "planned hold held: O\nplanned cancel cancelled: O"),
    "report": (
        REPORT_LIFE,
        "draft submit submitted: O\nsubmitted take taken: U\nsubmitted return returned: U",
    ),
    "lead": (
        LEAD_LIFE,
        """
        found draft drafted: O
        found drop dropped: O
        drafted draft drafted: O
        drafted submit submitted: O
        drafted drop dropped: O
        submitted award awarded: O
        submitted pass_over not_awarded: O
        """,
    ),
}
LETTERS = {"E": ENT, "X": EXP, "O": OFF, "U": UPP, "S": SYS}


def table(text: str) -> dict[tuple[str, str, Party], str]:
    """(state, action, party) -> state"""
    found = {}
    for line in filter(str.strip, text.splitlines()):
        move, _colon, letters = line.partition(":")
        state, action, target = move.split()
        for letter in letters.split():
            found[state, action, LETTERS[letter]] = target
    return found


def every_case():
    for noun, (life, text) in EXPECTED.items():
        expected = table(text)
        actions = sorted({move.action for move in life.moves})
        for state in life.states:
            for action in actions:
                for party in Party:
                    yield pytest.param(
                        life,
                        state,
                        action,
                        party,
                        expected.get((state.value, action, party)),
                        id=f"{noun}-{state.value}-{action}-{party.value}",
                    )


@pytest.mark.parametrize(("life", "state", "action", "party", "target"), list(every_case()))
def test_only_the_moves_of_the_specification_exist(life, state, action, party, target) -> None:
    if target is None:
        with pytest.raises(WrongMove):
            life.target(state, action, party)
    else:
        assert life.target(state, action, party) == target


def test_staff_record_the_word_of_an_expert_or_an_enterprise_in_their_name() -> None:
    staff = Actor(user=User(name="张", login="z"))
    recorded = staff.on_behalf_of(ENT, channel=Channel.TELEPHONE, on=today())
    assert (recorded.party, recorded.speaker) == (ENT, OFF)
    assert recorded.behalf == Behalf(ENT, Channel.TELEPHONE, today())


@pytest.mark.parametrize("party", [OFF, UPP, SYS])
def test_nobody_records_for_an_office_or_the_clock(party) -> None:
    with pytest.raises(NotAllowed):
        Actor(user=User(name="张", login="z")).on_behalf_of(party, channel=Channel.PAPER, on=today())


def test_an_expert_never_confirms_for_the_enterprise() -> None:
    with pytest.raises(NotAllowed):
        Actor(expert=Expert(name="李")).on_behalf_of(ENT, channel=Channel.IN_PERSON, on=today())


#: noun -> (where it begins, where it may end for good).
ENDS = {
    "problem": ("submitted", {"rejected", "withdrawn", "lapsed"}),
    "dispatch": ("offered", {"declined", "expired", "recalled", "released", "done"}),
    "case": ("opened", {"reopened", "abandoned"}),
    "visit": ("planned", {"held", "moved", "cancelled", "no_show"}),
    "activity": ("planned", {"held", "cancelled"}),
    "report": ("draft", {"taken", "returned"}),
    "lead": ("found", {"awarded", "not_awarded", "dropped"}),
}


def reached_from(life: LifeCycle, start: str) -> set[str]:
    """Every state that some moves lead to."""
    seen, open_states = {start}, [start]
    while open_states:
        here = open_states.pop()
        for move in life.moves:
            if here in {source.value for source in move.sources} and move.target.value not in seen:
                seen.add(move.target.value)
                open_states.append(move.target.value)
    return seen


@pytest.mark.parametrize("noun", EXPECTED)
def test_every_state_is_reached_and_only_the_ends_are_dead(noun: str) -> None:
    life, (start, ends) = EXPECTED[noun][0], ENDS[noun]
    states = {state.value for state in life.states}
    assert reached_from(life, start) == states
    moving = {source.value for move in life.moves for source in move.sources}
    assert states - moving == ends
    assert all(reached_from(life, state) & ends for state in states)


@pytest.mark.parametrize("state", ["submitted", "returned", "accepted", "dispatched", "partly", "unsolved"])
def test_a_problem_can_still_be_solved_from_everywhere_short_of_its_ends(state: str) -> None:
    assert "solved" in reached_from(PROBLEM_LIFE, state)
