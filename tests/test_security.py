"""What real data needs on the first day: tokens, throttles, locks, seals, masks, clean uploads, a log that stays."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import Text, cast, func, select, text
from sqlalchemy.exc import DBAPIError

from matcher.db import Base, db, now, today
from matcher.models import Actor, Attachment, CaseState, LogEntry, Menu, PersonalLink, ProblemState, Role, User
from matcher.models.sealing import SealedText
from matcher.plain.periods import parse
from matcher.plain.pictures import UploadError, check_file, clean_picture
from matcher.plain.tokens import hash_token
from matcher.services import accounts, attachments, links
from matcher.services.accounts import LOCKED_FOR, MOST_FAILURES
from matcher.services.figures import Scope, measure
from matcher.services.figures.table import as_csv
from tests.conftest import _make_app, _put_away
from tests.factories import PASSWORD, make_case, make_enterprise, make_expert, make_office, make_problem, make_user
from tests.pages import form_to, log_in, send

PHONE = "13911112222"


@pytest.fixture
def strict(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """The site as it runs for real: tokens demanded, limits counted."""
    real = _make_app(tmp_path, app.config["SQLALCHEMY_DATABASE_URI"], WTF_CSRF_ENABLED=True, RATELIMIT_ENABLED=True)
    yield real
    _put_away(real)


def post_rules(app: Flask) -> list[str]:
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    chosen = [re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule) for rule in rules]
    return sorted(re.sub(r"<(?:[^:<>]+:)?\w+>", "1", rule) for rule in chosen)


def counted(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(LogEntry)) or 0


# -- forms ------------------------------------------------------------------------------------------------------------


def test_no_form_is_taken_without_its_token(strict: Flask) -> None:
    with strict.app_context():
        make_user(Role.DISPATCHER, Role.ADMIN, Role.WRITER, Role.VERIFIER, login="all")
        make_case(CaseState.OPENED)
        db.session.commit()
    client = strict.test_client()
    log_in(client, "all")
    before = counted(strict)
    rules = post_rules(strict)
    assert len(rules) > 60
    for rule in rules:
        assert client.post(rule, data={"form_key": "x", "reason": "x"}).status_code == 400, rule
    assert counted(strict) == before


def test_a_token_of_another_browser_is_no_token(strict: Flask) -> None:
    with strict.app_context():
        make_user(login="mine")
        db.session.commit()
    client = strict.test_client()
    foreign = form_to(strict.test_client().get("/login").text, "").values
    client.get("/login")
    assert client.post("/login", data={**foreign, "login": "mine", "password": PASSWORD}).status_code == 400


@pytest.mark.parametrize("there", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_no_crafted_link_leads_elsewhere_after_the_log_in(app: Flask, client: FlaskClient, there: str) -> None:
    with app.app_context():
        make_user(login="mine")
        db.session.commit()
    answer = client.post("/login", data={"login": "mine", "password": PASSWORD, "next": there})
    assert answer.location == "/desk/"
    assert client.post("/large-type", data={"next": there}).location == "/"


# -- throttles and locks ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "most"), [("/login", 20), ("/complaint", 10), ("/order", 40)])
def test_public_forms_are_throttled_in_words(strict: Flask, address: str, most: int) -> None:
    client = strict.test_client()
    data = form_to(client.get(address).text, "").values
    answers = [client.post(address, data=data).status_code for _ in range(most + 2)]
    assert answers == [422 if address != "/login" else 200] * most + [429] * 2
    assert "操作太频繁" in client.post(address, data=data).text


def test_the_digits_of_a_confirmation_cannot_be_guessed(strict: Flask) -> None:
    with strict.app_context():
        case = make_case(CaseState.CLOSED)
        problem_id, token = case.problem_id, links.mint_for_menu(case.problem.menu)
        db.session.commit()
    client = strict.test_client()
    end = f"/problems/{problem_id}/confirm"
    answers = [send(client, f"/f/{token}/", end, digits=f"{n:04d}").status_code for n in range(12)]
    assert answers == [422] * 10 + [429] * 2


def test_five_wrong_passwords_lock_the_account_for_a_while(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_user(login="mine")
        db.session.commit()

    def tries(password: str) -> int:
        return client.post("/login", data={"login": "mine", "password": password}).status_code

    assert [tries("Wrong-1234") for _ in range(MOST_FAILURES)] == [422] * MOST_FAILURES
    assert tries(PASSWORD) == 422, "locked: the right password does not help"
    with app.app_context():
        verbs = db.session.scalars(select(LogEntry.verb).where(LogEntry.verb.like("login%"))).all()
        assert sorted(verbs) == ["login.failed"] * MOST_FAILURES + ["login.locked"]
    with time_machine.travel(now() + LOCKED_FOR + timedelta(seconds=5)):
        assert tries(PASSWORD) == 302


def test_a_stranger_learns_nothing_from_the_log_in(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_user(login="known")
        db.session.commit()
    said = [
        re.sub(r'value="[^"]*"', "", client.post("/login", data={"login": login, "password": "Wrong-1234"}).text)
        for login in ("known", "nobody")
    ]
    assert said[0] == said[1]


def test_a_session_ends_with_the_password_the_account_and_the_log_out(app: Flask) -> None:
    def opens(browser: FlaskClient) -> bool:
        return browser.get("/desk/").status_code == 200

    with app.app_context():
        make_user(login="mine")
        db.session.commit()
    first, second = app.test_client(), app.test_client()
    for browser in (first, second):
        log_in(browser, "mine")
    assert opens(first)
    assert opens(second)
    answer = send(first, "/password", "", current=PASSWORD, new="Sheyang-2027", again="Sheyang-2027")
    assert answer.status_code == 302
    assert opens(first)
    assert not opens(second), "changed elsewhere"
    with app.app_context():
        user = db.session.scalars(select(User).filter_by(login="mine")).one()
        accounts.set_active(user, False, by=Actor.system())
        db.session.commit()
    assert not opens(first), "closed"


def test_a_first_password_is_changed_before_anything_else(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_user(login="new", must_change=True)
        db.session.commit()
    client.post("/login", data={"login": "new", "password": PASSWORD})
    assert client.get("/desk/").location == "/password"
    assert send(client, "/password", "", current=PASSWORD, new=PASSWORD, again=PASSWORD).status_code == 422
    assert send(client, "/password", "", current=PASSWORD, new="simple", again="simple").status_code == 422
    assert send(client, "/password", "", current=PASSWORD, new="Sheyang-2027", again="Sheyang-2027").status_code == 302
    assert client.get("/desk/").status_code == 200


def test_passwords_are_kept_as_argon2_only(app: Flask) -> None:
    with app.app_context():
        make_user(login="mine")
        db.session.commit()
        kept = db.session.scalars(select(User.password_hash)).one()
    assert kept.startswith("$argon2id$")


# -- seals and masks --------------------------------------------------------------------------------------------------


def sealed_columns() -> list[Any]:
    columns = [column for table in Base.metadata.sorted_tables for column in table.columns]
    return [column for column in columns if type(column.type) is SealedText]


def test_every_phone_and_contact_is_ciphertext_in_the_database(demo: Flask) -> None:
    assert {f"{column.table.name}.{column.name}" for column in sealed_columns()} >= {
        "enterprises.phone",
        "enterprises.contact_name",
        "menus.phone",
        "menus.contact_name",
        "experts.phone",
        "notices.address",
        "complaints.phone",
    }
    plain: set[str] = set()
    with demo.app_context():
        for column in sealed_columns():
            opened = db.session.scalars(select(column).where(column.is_not(None)).order_by(column.table.c.id)).all()
            raw = db.session.scalars(select(cast(column, Text)).where(column.is_not(None))).all()
            assert not set(opened) & set(raw), column
            plain |= {value for value in opened if value.isdigit()}
        rows = "\n".join(str(row) for table in Base.metadata.sorted_tables for row in raw_rows(table.name))
    assert len(plain) > 50
    assert [number for number in plain if number in rows] == []


def raw_rows(table: str) -> Any:
    return db.session.execute(text(f"SELECT * FROM {table}"))


def test_a_number_is_shown_in_full_with_a_purpose_and_a_line_in_the_log(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_user(login="desk")
        menu = make_problem(enterprise=make_enterprise(phone=PHONE)).menu
        menu.set_phone(PHONE)
        number, problem_id = menu.id, menu.problems[0].id
        db.session.commit()
    log_in(client, "desk")
    page = client.get(f"/desk/problems/{problem_id}").text
    assert PHONE not in page
    assert "139****2222" in page
    assert client.post(f"/desk/reveal/menu/{number}").status_code == 422
    assert client.get(f"/desk/reveal/menu/{number}").status_code == 405
    shown = send(client, f"/desk/problems/{problem_id}", f"/reveal/menu/{number}")
    assert PHONE in shown.text
    with app.app_context():
        line = db.session.scalars(select(LogEntry).where(LogEntry.verb == "menu.reveal")).one()
        assert (line.user.login, line.subject_id, bool(line.facts["purpose"])) == ("desk", number, True)


def test_what_is_searched_by_phone_is_found_by_its_blind_index(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_user(login="desk")
        make_problem(enterprise=make_enterprise("示例磨具厂", phone=PHONE))
        db.session.commit()
    log_in(client, "desk")
    found = client.get(f"/desk/search?q={PHONE}").text
    assert "示例磨具厂" in found
    assert "示例磨具厂" not in client.get("/desk/search?q=13911112223").text


# -- personal links ---------------------------------------------------------------------------------------------------


@pytest.fixture
def link(app: Flask) -> str:
    """The token of an enterprise's follow link."""
    with app.app_context():
        token = links.mint_for_menu(make_problem(ProblemState.SUBMITTED).menu)
        db.session.commit()
    return token


def test_a_link_is_kept_as_a_hash_only(app: Flask, link: str) -> None:
    with app.app_context():
        kept = db.session.scalars(select(PersonalLink.token_hash)).one()
        assert kept == hash_token(link) != link
        rows = "".join(str(row) for table in Base.metadata.sorted_tables for row in raw_rows(table.name))
    assert link not in rows
    assert len(link) >= 32


def test_an_expired_a_revoked_and_a_wrong_link_look_the_same(app: Flask, client: FlaskClient, link: str) -> None:
    address = f"/f/{link}/"
    assert client.get(address).status_code == 200
    with time_machine.travel(now() + timedelta(days=links.DAYS + 1)):
        expired = client.get(address)
    with app.app_context():
        links.revoke_links(db.session.scalars(select(Menu)).one(), by=Actor.system())
        db.session.commit()
    revoked, wrong = client.get(address), client.get("/f/this-is-no-link/")
    assert [answer.status_code for answer in (expired, revoked, wrong)] == [404] * 3
    texts = {re.sub(r'value="[^"]*"|page=[^"]*|lang=[^"]*', "", answer.text) for answer in (expired, revoked, wrong)}
    assert len({said.split("<main")[1].split("</main>")[0] for said in texts}) == 1


def test_a_preview_of_a_link_changes_nothing(app: Flask, client: FlaskClient, link: str) -> None:
    before = counted(app)
    with app.app_context():
        problem_id = db.session.scalars(select(Menu)).one().problems[0].id
    client.get(f"/f/{link}/")
    for act in ("answer", "withdraw", "photo", "confirm", "reopen", "benefit", "follow-up"):
        assert client.get(f"/f/{link}/problems/{problem_id}/{act}").status_code == 405
    assert counted(app) == before


def test_a_link_opens_only_its_own_menu(app: Flask, client: FlaskClient, link: str) -> None:
    with app.app_context():
        other = make_problem(ProblemState.SUBMITTED)
        other_id = other.id
        db.session.commit()
    assert client.post(f"/f/{link}/problems/{other_id}/withdraw", data={"text": "x"}).status_code == 404


# -- the log ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["UPDATE log_entries SET verb = 'x'", "DELETE FROM log_entries"])
def test_the_database_refuses_to_change_the_log(app: Flask, what: str) -> None:
    with app.app_context():
        make_problem()
        db.session.commit()
        with pytest.raises(DBAPIError):
            db.session.execute(text(what))


# -- uploads ----------------------------------------------------------------------------------------------------------


def photo(where: bool = True) -> bytes:
    """A photo that tells where and when it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "示例相机"
    if where:
        exif.get_ifd(0x8825).update({1: "N", 2: (33.0, 47.0, 0.0), 3: "E", 4: (119.0, 48.0, 0.0)})
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "white").save(out, "JPEG", exif=exif, comment="示例备注")
    return out.getvalue()


def office_file(part: str, *more: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        for name in (part, *more):
            parts.writestr(name, "x")
    return out.getvalue()


def test_a_photo_loses_place_time_and_camera(app: Flask, client: FlaskClient) -> None:
    original = photo()
    assert Image.open(io.BytesIO(original)).getexif().get_ifd(0x8825)
    told = {"text": "电缆头发热。", "phone": "13812345678", "firm": "示例机械厂", "send": "1", "seen_cards": "1"}
    answer = client.post("/order", data={**told, "photos": [(io.BytesIO(original), "厂区.jpg")]})
    assert answer.status_code == 302
    with app.app_context():
        kept = db.session.scalars(select(Attachment)).one()
        data = app.extensions["store"].path(kept.key).read_bytes()
    image = Image.open(io.BytesIO(data))
    assert dict(image.getexif()) == {}
    assert "comment" not in image.info
    assert "示例".encode() not in data


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "x.jpg"),
        (b"<html><script>alert(1)</script></html>", "x.jpg"),
        (b"MZ" + b"\0" * 200, "x.png"),
        (b"GIF89a" + b"\0" * 50, "x.gif"),
        (b"\xff\xd8\xff\xe0" + b"broken" * 20, "x.jpg"),
        (b"", "x.jpg"),
    ],
    ids=["svg", "html", "program", "gif", "broken", "empty"],
)
def test_only_photos_are_taken_as_photos(data: bytes, name: str) -> None:
    with pytest.raises(UploadError):
        clean_picture(data)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<html></html>", "x.html"),
        (b"MZ" + b"\0" * 200, "x.pdf"),
        (b"%PDF-1.4", "x.exe"),
        (office_file("word/document.xml"), "x.xlsx"),
        (office_file("word/document.xml", "word/vbaProject.bin"), "x.docx"),
        (b"PK\x03\x04 broken", "x.docx"),
        (b"<svg/>", "x.svg"),
    ],
    ids=["html", "program as pdf", "pdf as program", "wrong insides", "macros", "broken", "svg"],
)
def test_only_papers_that_are_what_their_name_says_are_taken(data: bytes, name: str) -> None:
    with pytest.raises(UploadError):
        check_file(data, name)


def test_a_harmless_paper_is_taken_under_a_harmless_name() -> None:
    assert check_file(office_file("word/document.xml"), "..\\..\\服务单\x00.docx").name == "服务单.docx"


def test_a_paper_is_downloaded_and_never_opened_in_the_page(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_user(login="desk")
        problem = make_problem()
        by, store = Actor(user=db.session.scalars(select(User).filter_by(login="desk")).one()), app.extensions["store"]
        paper = attachments.attach_file(problem, b"%PDF-1.4\n%%EOF", "证明.pdf", store=store, by=by)
        db.session.commit()
        number = paper.id
    log_in(client, "desk")
    with client.get(f"/desk/files/{number}") as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


# -- spreadsheets and pages -------------------------------------------------------------------------------------------


def test_a_formula_typed_by_somebody_stays_text_in_a_spreadsheet(app: Flask) -> None:
    with app.app_context():
        office = make_office()
        office.name = "=HYPERLINK(1)"
        scope = Scope(office, parse("2026-01", today()))
        assert "'=HYPERLINK(1)" in as_csv(measure(scope), scope)


def test_what_people_write_is_escaped_on_every_page_that_shows_it(app: Flask, client: FlaskClient) -> None:
    nasty = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    with app.app_context():
        make_user(login="desk")
        problem = make_problem(ProblemState.ACCEPTED, enterprise=make_enterprise(f"示例厂{nasty}"))
        problem.title, problem.text = nasty, f"电缆头发热{nasty}"
        expert = make_expert(f"示例{nasty}", trade="电缆头", profile=f"电缆头发热{nasty}")
        token, problem_id = links.mint_for_menu(problem.menu), problem.id
        case = make_case(CaseState.CLOSED)
        case.diagnoses[0].cause = nasty
        db.session.commit()
        addresses = [f"/desk/problems/{number}" for number in (problem_id, case.problem_id)]
        addresses += [f"/f/{token}/", f"/desk/experts/{expert.id}", "/desk/", "/desk/experts"]
    log_in(client, "desk")
    for address in addresses:
        page = client.get(address).text
        assert "<script>alert" not in page, address
        assert "<img src=x" not in page, address
