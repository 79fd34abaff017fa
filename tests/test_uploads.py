"""What may be uploaded, and what is left of it."""

import io
import zipfile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from matcher.db import db
from matcher.models import Actor, Attachment, User
from matcher.plain.pictures import UploadError, check_file, clean_picture
from matcher.services import attachments
from tests.factories import make_problem, make_user
from tests.pages import log_in


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
