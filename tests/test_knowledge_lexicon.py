"""The lexicon in the database: edits over the shipped one, a look before saving, the way back, the pages."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matcher.db import db
from matcher.errors import BadInput, NotFound
from matcher.matching import TERM_FIELDS, rank, shipped_lexicon
from matcher.models import CaseWord, CompetenceEdit, LogEntry, ProblemState, Role, WordSource
from matcher.services import evidence, lexicon, lexicon_edits, lexicon_preview, roster_index
from matcher.services.needs import need_of
from tests.factories import PASSWORD, make_expert, make_office, make_problem, make_user, staff

TEXT = "阿巴机一开就唧唧叫，叫得人心慌。"


@pytest.fixture
def known(ctx: None) -> dict:
    """A competence that nobody wrote about in the shipped lexicon: 阿巴机."""
    entry = {"name": "阿巴机维修", "near": [], "industries": ["34"], **{name: [] for name in TERM_FIELDS}}
    return {**entry, "trades": ["阿巴机修理工"], "equipment": ["阿巴机"], "symptoms": ["唧唧叫"]}


def test_without_edits_it_is_the_shipped_one(ctx: None) -> None:
    assert lexicon.current_lexicon() is shipped_lexicon()
    rebuilt = lexicon.lexicon_at(lexicon.current_edition())
    assert rebuilt is not None
    assert rebuilt.version == shipped_lexicon().version


def test_an_added_competence_brings_its_expert_to_the_front_at_once(known: dict) -> None:
    for _ in range(3):
        make_expert(trade="维修电工")
    right = make_expert(trade="阿巴机修理工")
    problem = make_problem(ProblemState.ACCEPTED)
    problem.text = TEXT
    lexicon_edits.add(lexicon_edits.checked(known), by=staff())
    assert rank(need_of(problem), roster_index.current_index(), limit=1) == [str(right.id)]


def test_an_edit_changes_the_number_and_the_version_and_is_logged(ctx: None) -> None:
    one = shipped_lexicon().competences[0]
    before = lexicon.version_number(), lexicon.current_lexicon().version
    entry = {**lexicon.entry_in_force(one.id), "symptoms": ["抖得厉害"]}
    edit = lexicon_edits.save(one.id, lexicon_edits.checked(entry), by=staff(Role.ADMIN))
    after = lexicon.version_number(), lexicon.current_lexicon().version
    assert after[0] == before[0] + 1
    assert after[1] != before[1]
    assert "抖得厉害" in lexicon.entry_in_force(one.id)["symptoms"]
    line = db.session.scalars(select(LogEntry).filter_by(verb="lexicon.edit")).one()
    assert line.subject_id == edit.id
    assert line.facts["added"] == ["抖得厉害"]


def test_going_back_is_one_more_edit_and_gives_the_very_same_lexicon(ctx: None) -> None:
    one = shipped_lexicon().competences[0]
    first = lexicon_edits.save(one.id, {**lexicon.entry_in_force(one.id), "symptoms": ["抖"]}, by=staff())
    version = lexicon.current_lexicon().version
    lexicon_edits.save(one.id, {**lexicon.entry_in_force(one.id), "symptoms": ["颤"]}, by=staff())
    lexicon_edits.go_back(one.id, first, by=staff())
    assert lexicon.current_lexicon().version == version
    lexicon_edits.go_back(one.id, None, by=staff())
    assert lexicon.current_lexicon().version == shipped_lexicon().version
    assert [edit.source for edit in lexicon_edits.history(one.id)] == ["back", "back", "administrator", "administrator"]


def test_an_older_edition_can_be_built_again(ctx: None) -> None:
    one = shipped_lexicon().competences[0]
    lexicon_edits.save(one.id, {**lexicon.entry_in_force(one.id), "symptoms": ["抖"]}, by=staff())
    edition, version = lexicon.current_edition(), lexicon.current_lexicon().version
    lexicon_edits.save(one.id, None, by=staff())
    rebuilt = lexicon.lexicon_at(edition)
    assert rebuilt is not None
    assert rebuilt.version == version
    assert one.id not in lexicon.entries_in_force()


def test_merged_competences_keep_all_words_under_one_name(ctx: None) -> None:
    one, other = shipped_lexicon().competences[:2]
    lexicon_edits.merge(one.id, other.id, by=staff())
    joined = lexicon.entry_in_force(other.id)
    assert set(one.terms["symptoms"]) | set(other.terms["symptoms"]) == set(joined["symptoms"])
    assert one.name in joined["disciplines"]
    with pytest.raises(NotFound):
        lexicon.entry_in_force(one.id)
    lexicon.current_lexicon()


@pytest.mark.parametrize(
    ("change", "field"),
    [({"name": " "}, "name"), ({"symptoms": ["响"]}, "symptoms"), ({"industries": ["00"]}, "industries")],
)
def test_what_can_not_be_is_refused_with_its_field(known: dict, change: dict, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        lexicon_edits.checked({**known, **change})
    assert refused.value.field == field


def test_words_are_kept_once_whatever_their_width(known: dict) -> None:
    clean = lexicon_edits.checked({**known, "equipment": ["PLC柜", "ｐｌｃ柜", " 泵站 ", ""]})
    assert clean["equipment"] == ["PLC柜", "泵站"]


def test_the_look_before_saving_names_what_is_touched_and_changes_nothing(known: dict) -> None:
    office = make_office()
    other = make_expert(trade="茶叶栽培")
    right = make_expert(trade="阿巴机修理工")
    touched = make_problem(ProblemState.ACCEPTED)
    touched.text = touched.title = TEXT
    untouched = make_problem(ProblemState.ACCEPTED)
    version = lexicon.version_number()
    seen = lexicon_preview.preview(office, "own-1", {**known, "id": "own-1"})
    assert set(seen.added) == {"阿巴机维修", "阿巴机修理工", "阿巴机", "唧唧叫"}
    assert touched in [one.problem for one in seen.problems]
    assert untouched not in [one.problem for one in seen.problems]
    assert right in [one.expert for one in seen.experts]
    assert other not in [one.expert for one in seen.experts]
    assert lexicon.version_number() == version
    assert db.session.scalar(select(CompetenceEdit)) is None


def test_a_word_that_fits_everybody_is_pointed_out(known: dict) -> None:
    for _ in range(lexicon_preview.FEW):
        make_expert(trade="设备维修工")
    seen = lexicon_preview.preview(make_office(), "own-1", {**known, "id": "own-1", "equipment": ["设备", "阿巴机"]})
    assert seen.wide == ("设备",)


def log_in(client: FlaskClient, app: Flask, *roles: Role) -> None:
    with app.app_context():
        login = make_user(*roles).login
        db.session.commit()
    client.post("/login", data={"login": login, "password": PASSWORD})


def test_the_pages_search_look_save_and_go_back(client: FlaskClient, app: Flask) -> None:
    log_in(client, app, Role.ADMIN)
    page = client.get("/admin/lexicon?q=变频").get_data(as_text=True)
    assert "变频器与交流传动" in page
    address = "/admin/lexicon/bianpinqi-chuandong"
    with app.app_context():
        entry = lexicon.entry_in_force("bianpinqi-chuandong")
    typed = {name: "\n".join(entry[name]) for name in TERM_FIELDS}
    typed |= {"name": entry["name"], "family": "", "industries": ""}
    typed["symptoms"] += "\n老跳停"
    looked = client.post(address, data={**typed, "do": "preview"}).get_data(as_text=True)
    assert "老跳停" in looked
    assert "还没有保存" in looked
    with app.app_context():
        assert lexicon.version_number() == 0
    client.post(address, data={**typed, "do": "save", "form_key": "k1"})
    client.post(address, data={**typed, "do": "save", "form_key": "k1"})
    with app.app_context():
        assert lexicon.version_number() == 1
        assert "老跳停" in lexicon.entry_in_force("bianpinqi-chuandong")["symptoms"]
    shown = client.get(address).get_data(as_text=True)
    assert "加上 老跳停" in shown
    client.post(f"{address}/back", data={"edit": 0})
    with app.app_context():
        assert "老跳停" not in lexicon.entry_in_force("bianpinqi-chuandong")["symptoms"]


def test_a_fault_keeps_what_was_typed(client: FlaskClient, app: Flask) -> None:
    log_in(client, app, Role.ADMIN)
    answer = client.post("/admin/lexicon/new", data={"name": "阿巴机维修", "symptoms": "响\n唧唧叫", "do": "save"})
    assert answer.status_code == BadInput.status
    page = answer.get_data(as_text=True)
    assert "唧唧叫" in page
    assert "每个词 2 到" in page


def test_only_an_administrator_comes_in(client: FlaskClient, app: Flask) -> None:
    log_in(client, app, Role.DISPATCHER)
    assert client.get("/admin/lexicon").status_code == 403


def test_a_competence_is_taken_out_merged_and_brought_back_on_the_pages(client: FlaskClient, app: Flask) -> None:
    log_in(client, app, Role.ADMIN)
    one, other = (competence.id for competence in shipped_lexicon().competences[:2])
    names = {competence.id: competence.name for competence in shipped_lexicon().competences[:2]}
    client.post(f"/admin/lexicon/{one}/out")
    assert "恢复" in client.get("/admin/lexicon").text
    with app.app_context():
        assert one not in lexicon.entries_in_force()
    client.post(f"/admin/lexicon/{one}/back", data={"edit": 0})
    client.post(f"/admin/lexicon/{one}/merge", data={"into": names[other]})
    with app.app_context():
        assert one not in lexicon.entries_in_force()
        assert names[one] in lexicon.entry_in_force(other)["disciplines"]
    assert client.get(f"/admin/lexicon/{one}").status_code == 404


def test_case_words_that_are_ticked_are_not_heard(client: FlaskClient, app: Flask) -> None:
    one = shipped_lexicon().competences[0]
    with app.app_context():
        problem = make_problem(ProblemState.SOLVED)
        row = CaseWord(competence=one.id, term="咕噜板", source=WordSource.CASE, problem_id=problem.id)
        db.session.add(row)
        db.session.flush()
        evidence.adopt()
        db.session.commit()
    log_in(client, app, Role.ADMIN)
    page = client.get(f"/admin/lexicon/{one.id}").text
    assert "咕噜板" in page
    typed = {name: "\n".join(one.terms[name]) for name in TERM_FIELDS}
    client.post(f"/admin/lexicon/{one.id}", data={**typed, "name": one.name, "unheard": "咕噜板", "do": "save"})
    with app.app_context():
        found = lexicon.current_lexicon()
        assert found.competences[found.place_of[one.id]].evidence == {}


def test_the_commands_learn_and_refit_say_what_came_of_it(app: Flask) -> None:
    runner = app.test_cli_runner()
    learnt = runner.invoke(args=["learn"])
    assert learnt.exit_code == 0
    assert "收入 0 个案例用词" in learnt.output
    refused = runner.invoke(args=["refit"])
    assert refused.exit_code == 1
    assert "才能拟合" in refused.output
