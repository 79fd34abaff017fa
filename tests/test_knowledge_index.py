"""The index of the roster: true to the sequence numbers, also after a rollback; built by the job where it is large."""

import pytest
from flask import Flask

from matcher import jobs
from matcher.db import db
from matcher.matching import rank
from matcher.models import Expert
from matcher.services import experts, lexicon, lexicon_edits, roster_index
from matcher.services.needs import need_of
from tests.factories import make_expert, make_menu, staff


def known(expert: Expert) -> str | None:
    profile = roster_index.current_index().profile(str(expert.id))
    return profile.trade if profile else None


def test_what_was_rolled_back_is_not_remembered(app: Flask) -> None:
    with app.app_context():
        first = make_expert(trade="焊工")
        db.session.commit()
        assert known(first) == "焊工"
        experts.correct(first, {"trade": "茶叶栽培"}, by=staff())
        db.session.flush()
        assert known(first) == "茶叶栽培"
        db.session.rollback()
        second = make_expert(trade="钳工")
        db.session.commit()
        assert known(first) == "焊工"
        assert known(second) == "钳工"


def test_an_edit_of_the_lexicon_that_was_rolled_back_is_not_in_force(app: Flask) -> None:
    with app.app_context():
        before = lexicon.current_lexicon().version
        one = lexicon.current_lexicon().competences[0].id
        lexicon_edits.save(one, None, by=staff())
        assert lexicon.current_lexicon().version != before
        db.session.rollback()
        assert lexicon.current_lexicon().version == before


def test_a_change_is_seen_at_once_and_reads_only_who_changed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        people = [make_expert(trade="焊工") for _ in range(3)]
        db.session.commit()
        roster_index.current_index()
        experts.correct(people[0], {"trade": "钳工"}, by=staff())
        db.session.commit()
        read: list[list[int]] = []
        original = roster_index.profiles_of
        monkeypatch.setattr(
            roster_index,
            "profiles_of",
            lambda found, **k: (read.append([e.id for e in found]), original(found, **k))[1],
        )
        assert known(people[0]) == "钳工"
        assert read == [[people[0].id]]


def test_who_left_is_gone_from_the_index(app: Flask) -> None:
    with app.app_context():
        expert = make_expert(trade="焊工")
        db.session.commit()
        assert known(expert) == "焊工"
        experts.leave(expert, by=staff())
        db.session.commit()
        assert known(expert) is None


@pytest.fixture
def large(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A roster that counts as large."""
    monkeypatch.setattr(roster_index, "INLINE", 2)
    monkeypatch.setattr(roster_index, "STALE", 2)
    with app.app_context():
        for trade in ("焊工", "钳工", "茶叶栽培"):
            make_expert(trade=trade)
        db.session.commit()
    return app


def again(app: Flask) -> None:
    """Another process of the same installation."""
    roster_index.start(app.config["SQLALCHEMY_DATABASE_URI"], roster_index._folders[roster_index._key()])


def test_a_small_roster_needs_no_files(app: Flask) -> None:
    with app.app_context():
        make_expert()
        db.session.commit()
    assert jobs.build_index(app) is None


def test_the_job_writes_a_large_index_which_other_processes_open_and_bring_up_to_date(large: Flask) -> None:
    assert jobs.build_index(large) == 3
    assert jobs.build_index(large) is None
    with large.app_context():
        late = make_expert(trade="水产养殖")
        db.session.commit()
        again(large)
        index = roster_index.current_index()
        assert len(index) == 4
        assert index.sequence < roster_index.current_revision("roster")
        assert known(late) == "水产养殖"
        make_expert(trade="电工")
        db.session.commit()
    assert jobs.build_index(large) == 5


def test_a_large_roster_answers_by_the_old_lexicon_until_the_job_has_built_the_new(large: Flask) -> None:
    jobs.build_index(large)
    with large.app_context():
        before = roster_index.current()
        lexicon_edits.save(lexicon.current_lexicon().competences[0].id, None, by=staff())
        db.session.commit()
        assert roster_index.current().edition == before.edition
        late = make_expert(trade="水产养殖")
        db.session.commit()
        assert known(late) == "水产养殖"
        need = need_of(make_menu("鱼塘里的鱼翻塘，缺氧。").problems[0])
        assert rank(need, roster_index.current_index(), limit=1) == [str(late.id)]
        db.session.commit()
    assert jobs.build_index(large) == 4
    with large.app_context():
        now = roster_index.current()
        assert now.edition == lexicon.current_edition()
        assert now.index.space.lexicon.version == lexicon.current_lexicon().version
