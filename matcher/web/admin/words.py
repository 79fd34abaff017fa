"""The vocabularies: dated words, ended and added, never deleted."""

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from matcher.access.rights import Right, require
from matcher.db import db
from matcher.errors import NotFound
from matcher.models import Term
from matcher.services import words as service
from matcher.web import fields, once
from matcher.web.admin.blueprint import bp
from matcher.web.gates import actor, staff


@bp.get("/words")
def words() -> str:
    """One vocabulary, and the names of all."""
    require(staff(), Right.MANAGE_WORDS, staff().office)
    names = db.session.scalars(select(Term.vocabulary).distinct().order_by(Term.vocabulary)).all()
    name = request.args.get("vocabulary", "honours")
    terms = db.session.scalars(select(Term).filter_by(vocabulary=name).order_by(Term.sort, Term.id)).all()
    return render_template("admin/words.html", names=names, name=name, terms=terms)


@bp.post("/words")
def add_word() -> Response:
    """One more word, from a day on."""
    require(staff(), Right.MANAGE_WORDS, staff().office)
    name = request.form.get("vocabulary", "")
    since = request.form.get("valid_from")
    service.add_word(
        name,
        request.form.get("code", "").strip()[:60],
        request.form.get("name", "").strip()[:100],
        name_en=request.form.get("name_en", "").strip()[:100],
        since=fields.day(since, field="valid_from") if since else None,
        by=actor(),
    )
    flash(_("词条已添加。"))
    return once.done(url_for(".words", vocabulary=name))


@bp.post("/words/<int:term_id>/end")
def end_word(term_id: int) -> Response:
    """The word is no longer used after a day; old cases keep it."""
    require(staff(), Right.MANAGE_WORDS, staff().office)
    term = db.session.get(Term, term_id)
    if term is None:
        raise NotFound("没有找到这个词条。")
    service.end_word(term, fields.day(request.form.get("valid_to", ""), field="valid_to"), by=actor())
    flash(_("词条已停用。"))
    return once.done(url_for(".words", vocabulary=term.vocabulary))
