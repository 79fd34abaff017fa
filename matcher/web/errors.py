"""Errors translated once, at the edge: what went wrong, in the user's language, with the right status."""

import re
from enum import StrEnum
from typing import Any

from flask import Flask, render_template, request
from flask_babel import gettext as _
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from matcher.db import db
from matcher.errors import BadInput, MatcherError, WrongMove
from matcher.models import ConflictKind
from matcher.plain.errors import PlainError
from matcher.services import words
from matcher.web import once
from matcher.web.languages import language
from matcher.web.look import state_label

Answer = tuple[str, int] | Response

#: Fields whose values are not shown again: marks of the form, and secrets.
UNSHOWN = ("csrf", "form_key", "kept_", "password", "current", "new", "again", "next")
#: Shorter words are choices and ids, typed again in no time.
SHORTEST_KEPT = 8
#: A choice by its code, which nobody typed.
CODE = re.compile(r"[a-z]+(_[a-z]+)+")

STALE = "刚刚有人改过这一条，请刷新后再试。"


def init_errors(app: Flask) -> None:
    """Every failure ends in a page with a sentence."""
    app.register_error_handler(MatcherError, _domain)
    app.register_error_handler(PlainError, _plain)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(IntegrityError, _stale)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(RateLimitExceeded, _too_many)
    app.register_error_handler(HTTPException, _http)


def sentence(error: MatcherError | PlainError) -> str:
    """The error's sentence in the user's language."""
    values = {name: _named(value) for name, value in error.values.items()}
    text: str = _(error.message)
    return text % values if values else text


def _named(value: Any) -> Any:
    """A value inside the sentence: a state by its word, a text of ours in the user's language."""
    if isinstance(value, ConflictKind):
        return words.word("conflict_kinds", value, language=language())
    if isinstance(value, StrEnum):
        return state_label(value)
    # gettext answers the empty text with the header of its catalog.
    return _(value) if isinstance(value, str) and value else value


def put_on_form(form: object, error: MatcherError | PlainError) -> None:
    """Show the error beside the field it is about, or above the form, keeping what was typed."""
    field = getattr(error, "field", None)
    target = getattr(form, field, None) if field else None
    if target is not None and hasattr(target, "errors"):
        target.errors = [*target.errors, sentence(error)]
    else:
        form.form_errors = [*getattr(form, "form_errors", []), sentence(error)]  # type: ignore[attr-defined]


def page(message: str, status: int) -> tuple[str, int]:
    """The error page. What was typed into the form that failed stands on it, so that nothing has to be typed twice."""
    return render_template("errors/sorry.html", code=status, message=message, typed=_typed()), status


def _typed() -> list[str]:
    """The words of the form, without secrets and the marks that people do not see."""
    if request.method != "POST":
        return []
    words = ((name, value.strip()) for name, value in request.form.items(multi=True))
    return [
        value
        for name, value in words
        if len(value) >= SHORTEST_KEPT and not name.startswith(UNSHOWN) and not CODE.fullmatch(value)
    ]


def _domain(error: MatcherError) -> Answer:
    db.session.rollback()
    if error.status == WrongMove.status and (earlier := once.taken_before()) is not None:
        # The same form, pressed twice in one moment: the first press did it.
        return earlier
    return page(sentence(error), error.status)


def _plain(error: PlainError) -> Answer:
    db.session.rollback()
    return page(sentence(error), BadInput.status)


def _stale(_error: Exception) -> Answer:
    db.session.rollback()
    if (earlier := once.taken_before()) is not None:
        return earlier
    return page(_(STALE), 409)


def _csrf(_error: CSRFError) -> Answer:
    return page(_("页面打开太久了，请返回上一页刷新后重试；已填写的内容还在。"), 400)


def _too_many(_error: RateLimitExceeded) -> Answer:
    return page(_("操作太频繁，请稍后再试。"), 429)


def _http(error: HTTPException) -> Answer:
    if error.code is None or error.code < 400:
        return error.get_response()
    db.session.rollback()
    sentences = {
        400: _("请求有误，请返回重试。"),
        403: _("您没有这项权限。"),
        404: _("没有找到这个页面。"),
        405: _("请从页面上的按钮操作。"),
        413: _("上传的内容太大，请减少或压缩后再试。"),
        500: _("系统出了点问题，已经记录下来，请稍后再试。"),
    }
    return page(sentences.get(error.code, _("出了点问题，请稍后再试。")), error.code)
