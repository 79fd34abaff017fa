"""The check of the texts notices what it is there to notice, and pages speak the language that was chosen."""

from babel.messages.catalog import Catalog
from flask import Flask
from flask.testing import FlaskClient

from matcher.errors import WrongMove
from matcher.models import ConflictKind, ProblemState
from matcher.web.errors import sentence
from tests import texts


def full_catalog() -> Catalog:
    kept = Catalog(locale="en")
    for text in texts.texts():
        kept.add(text, " ".join(["words", *texts.SLOT.findall(text)]))
    return kept


def test_a_full_catalog_is_all_right() -> None:
    assert texts.wrong(full_catalog()) == []


def test_a_text_is_missed_empty_unsure_gone_or_different() -> None:
    kept = full_catalog()
    kept.delete("设置")
    kept["账号"].string = ""
    kept["词表"].flags.add("fuzzy")
    kept.add("从来没有这句话", "words")
    kept["还有 %(n)s 天"].string = "some days left"
    kept["日志"].string = "日志"
    told = "\n".join(texts.wrong(kept))
    for expected in (
        "not translated: 设置",
        "not translated: 账号",
        "unsure: 词表",
        "not in the sources any more: 从来没有这句话",
        "other slots: 还有 %(n)s 天",
        "Chinese in the translation: 日志",
    ):
        assert expected in told
    assert len(texts.wrong(kept)) == 6


def test_every_word_of_the_templates_is_marked() -> None:
    assert texts.unmarked() == []


def test_texts_of_errors_navigation_and_services_are_among_them() -> None:
    found = texts.texts()
    for text in ("请写下您的意见。", "工作台", "已找到原因", "活动场次", "照片打不开，可能已损坏。"):
        assert text in found


def test_an_error_names_states_and_interests_in_words(app: Flask) -> None:
    with app.test_request_context("/"):
        said = sentence(WrongMove("现在的状态是“%(state)s”，不能做这一步。", state=ProblemState.DISPATCHED))
        assert said == "现在的状态是“已点将”，不能做这一步。"
        kind = ConflictKind.COMPETITOR
        said = sentence(WrongMove("存在利益冲突（%(kind)s），不能点将。", kind=kind))
        assert kind.value not in said
        assert sentence(WrongMove("正文%(exact)s。", exact="")) == "正文。"


def test_the_language_is_switched_and_kept(client: FlaskClient) -> None:
    assert "投诉建议" in client.get("/").text
    english = client.get("/?lang=en").text
    assert "Complaints and suggestions" in english
    assert "Complaints and suggestions" in client.get("/").text
    assert "投诉建议" in client.get("/?lang=zh").text
