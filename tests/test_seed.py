"""What an empty installation starts with: loaded once, in order, and never over what people edited."""

import pytest
from sqlalchemy import func, select

from matcher.db import db
from matcher.models import Office, OfficeLevel, Term
from matcher.services import seed, words

pytestmark = pytest.mark.usefixtures("ctx")


def test_seeding_twice_adds_nothing() -> None:
    before = db.session.scalar(select(func.count(Term.id))), db.session.scalar(select(func.count(Office.id)))
    assert seed.load_words() == 0
    assert seed.load_offices() == 0
    after = db.session.scalar(select(func.count(Term.id))), db.session.scalar(select(func.count(Office.id)))
    assert before == after


def test_what_people_edited_stays() -> None:
    term = db.session.scalars(select(Term).filter_by(vocabulary="urgencies", code="urgent")).one()
    term.name = "停产"
    db.session.flush()
    seed.load_words()
    assert db.session.scalars(select(Term.name).filter_by(vocabulary="urgencies", code="urgent")).all() == ["停产"]


def test_funing_lies_under_yancheng() -> None:
    county = db.session.scalars(select(Office).filter_by(code="320923")).one()
    assert county.level is OfficeLevel.COUNTY
    assert county.parent is not None
    assert county.parent.code == "320900"
    assert county.parent.contains(county)


def test_every_path_names_the_offices_above() -> None:
    for office in db.session.scalars(select(Office)):
        above = [office.id]
        while office.parent is not None:
            office = office.parent
            above.insert(0, office.id)
        assert db.session.get_one(Office, above[-1]).path == "/" + "".join(f"{i}/" for i in above)


@pytest.mark.parametrize(
    ("vocabulary", "code"),
    [
        ("honours", "national_model_worker"),
        ("skill_grades", "senior_technician"),
        ("problem_kinds", "equipment"),
        ("reporting_kinds", "tackling"),
        ("industries", "25"),
        ("enterprise_tiers", "srdi"),
    ],
)
def test_the_vocabularies_of_the_programme_are_there(vocabulary: str, code: str) -> None:
    assert code in words.codes(vocabulary)
    assert words.word(vocabulary, code) != code
    assert words.word(vocabulary, code, language="en") != words.word(vocabulary, code) or vocabulary == "industries"
