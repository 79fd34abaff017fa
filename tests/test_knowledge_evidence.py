"""What confirmed cases and merged doubles teach: words with a small growing weight, proven skills; all erasable."""

import pytest
from flask import Flask
from sqlalchemy import select

from matcher import jobs
from matcher.db import db
from matcher.matching import Basis, SkillText, rank
from matcher.matching.reading import BASES
from matcher.models import Case, CaseState, CaseWord, Outcome, Problem, ProblemState, SkillBasis, WordSource
from matcher.services import cases, evidence, forgetting, lexicon, problems, roster_index
from matcher.services.needs import need_of
from tests.factories import (
    make_enterprise,
    make_expert,
    make_menu,
    make_problem,
    staff,
    the_enterprise,
    work_on,
)

pytestmark = pytest.mark.usefixtures("ctx")

TEXT = "变频器一启动就过流，驱动板烧了，炸过一次模块，换过咕噜噜板，风机滤网也洗过。"


def solved(text: str = TEXT, *, expert=None, confirmed: bool = True, outcome: Outcome = Outcome.SOLVED) -> Case:
    by = staff()
    problem = make_menu(text).problems[0]
    problems.accept(problem, by=by)
    case = work_on(problem, CaseState.FIXED, by=by, expert=expert or make_expert(trade="变频器维修工程师"))
    cases.close_case(case, outcome, by=by)
    if confirmed:
        cases.confirm(case, by=the_enterprise(problem))
    db.session.flush()
    return case


def taught_by(problem: Problem) -> set[str]:
    return {word.term for word in evidence.words_of(problem)}


def test_a_confirmed_solved_case_teaches_the_competence_that_both_sides_show() -> None:
    case = solved()
    words = evidence.words_of(case.problem)
    assert {word.competence for word in words} == {"bianpinqi-chuandong"}
    assert {word.source for word in words} == {WordSource.CASE}
    assert 0 < len(words) <= evidence.MOST_WORDS


@pytest.mark.parametrize(("confirmed", "outcome"), [(False, Outcome.SOLVED), (True, Outcome.PARTLY)])
def test_without_the_enterprises_word_or_a_solution_nothing_is_taught(confirmed: bool, outcome: Outcome) -> None:
    case = solved(confirmed=confirmed, outcome=outcome)
    assert evidence.words_of(case.problem) == []
    assert not any(skill.basis is SkillBasis.PROVEN for skill in case.experts[0].skills)


def test_names_phones_and_firms_are_never_taught() -> None:
    firm = make_enterprise("阜宁县咕噜叽传动科技有限公司")
    problem = make_menu(f"{firm.name}的变频器报警，请联系13812345678。", enterprise=firm).problems[0]
    taught = evidence.naming_words(evidence._masked(problem, [problem.text]), lexicon.current_lexicon())
    assert not any("咕噜" in word or "138" in word for word in taught)


def test_the_words_wait_for_the_job_and_then_weigh_a_little() -> None:
    solved()
    before = lexicon.current_lexicon()
    assert evidence.waiting() > 0
    assert not any(one.evidence for one in before.competences)
    assert evidence.adopt() > 0
    assert evidence.waiting() == 0
    after = lexicon.current_lexicon()
    taught = after.competences[after.place_of["bianpinqi-chuandong"]].evidence
    assert taught
    assert set(taught.values()) == {lexicon.weight_of(1)}
    assert after.version != before.version


def test_the_weight_grows_with_the_problems_that_say_it_and_never_reaches_a_term() -> None:
    weights = [lexicon.weight_of(count) for count in range(1, 20)]
    assert weights == sorted(weights)
    assert 0 < weights[0] <= 0.3
    assert weights[-1] < 1


def test_young_words_wait_until_they_are_settled(app: Flask) -> None:
    solved()
    db.session.commit()
    assert jobs.learn(app) == (0, 0)
    assert evidence.waiting() > 0


def test_a_taught_word_helps_to_find_the_competence() -> None:
    """咕噜板 is in no lexicon; after three cases a problem that says nothing else leads to the right expert."""
    others = [make_expert(trade=trade) for trade in ("茶叶栽培", "细纱挡车工", "水产养殖技术员")]
    right = make_expert(trade="变频器与交流传动")
    problem = make_menu("咕噜板坏了").problems[0]
    for number in range(3):
        teacher = make_problem(ProblemState.SOLVED)
        row = CaseWord(competence="bianpinqi-chuandong", term="咕噜板", source=WordSource.CASE, problem_id=teacher.id)
        db.session.add(row)
        assert number < 3
    db.session.flush()
    evidence.adopt()
    assert rank(need_of(problem), roster_index.current_index(), limit=1) == [str(right.id)]
    assert len(others) == 3


def test_an_administrator_can_stop_a_taught_word(app: Flask) -> None:
    from_case = solved()
    evidence.adopt()
    word = next(iter(taught_by(from_case.problem)))
    entry = {**lexicon.entry_in_force("bianpinqi-chuandong"), lexicon.UNHEARD: [word]}
    before = lexicon.current_lexicon()
    unheard = lexicon.with_entry("bianpinqi-chuandong", entry)
    place = unheard.place_of["bianpinqi-chuandong"]
    assert word in before.competences[place].evidence
    assert word not in unheard.competences[place].evidence


def test_the_expert_has_a_proven_skill_and_the_problem_speaks_for_them() -> None:
    case = solved()
    expert = case.experts[0]
    assert [skill.text for skill in expert.skills if skill.basis is SkillBasis.PROVEN] == ["变频器与交流传动"]
    profile = roster_index.profile_of(expert)
    assert profile.proven == (TEXT,)
    seen = roster_index.current_index().profile(str(expert.id))
    assert seen == profile
    unaware = roster_index.profiles_of([expert], without=[case.id])[0]
    assert unaware.proven == ()
    assert not any(skill.basis == "proven" for skill in unaware.skills)


def test_proven_counts_more_than_declared_and_declared_more_than_inferred() -> None:
    assert BASES[Basis.PROVEN] > BASES[Basis.DECLARED] > BASES[Basis.INFERRED]
    expert = make_expert(trade="", skills=["变频器"], profile="会修软启动器。")
    told = roster_index.profile_of(expert).skills
    assert told == (SkillText("变频器", "declared"), SkillText("修软启动器", "inferred", roster_index.UNCONFIRMED))


def test_a_reopened_case_teaches_nothing_any_more_and_an_earlier_one_still_does() -> None:
    expert = make_expert(trade="变频器维修工程师")
    first, second = solved(expert=expert), solved("变频器报警，一启动就过流，炸过一次模块。", expert=expert)
    problems.reopen(first.problem, "又坏了", by=the_enterprise(first.problem))
    db.session.flush()
    assert taught_by(first.problem) == set()
    assert taught_by(second.problem) != set()
    proven = [skill for skill in expert.skills if skill.basis is SkillBasis.PROVEN]
    assert [skill.case_id for skill in proven] == [second.id]
    assert roster_index.profile_of(expert).proven == (second.problem.text,)


def test_merged_doubles_teach_synonyms() -> None:
    original = make_problem(ProblemState.ACCEPTED)
    original.text = original.title = "变频器一启动就过流跳闸。"
    double = make_menu("调速柜里的软启动器炸机，板子烧了。").problems[0]
    problems.mark_duplicate(double, original, by=staff())
    words = evidence.words_of(double)
    assert words
    assert {word.source for word in words} == {WordSource.MERGE}
    assert {word.competence for word in words} == {evidence._competence_of(original, [], lexicon.current_lexicon()).id}


def test_a_forgotten_problem_takes_its_words_along() -> None:
    case = solved()
    evidence.adopt()
    number = lexicon.version_number()
    forgetting.forget_problem(case.problem, by=staff())
    assert db.session.scalar(select(CaseWord)) is None
    assert lexicon.version_number() == number + 1
    assert not any(one.evidence for one in lexicon.current_lexicon().competences)
