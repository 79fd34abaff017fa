"""专长词库: search, edit with a look at what it touches, history and the way back."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from matcher.access.rights import Right, require
from matcher.db import db
from matcher.errors import BadInput, NotFound
from matcher.matching import TERM_FIELDS
from matcher.models import CompetenceEdit
from matcher.services import evidence, lexicon_edits, lexicon_preview
from matcher.services import lexicon as service
from matcher.services.lexicon import UNHEARD, Entry
from matcher.web import once
from matcher.web.admin.blueprint import bp
from matcher.web.errors import put_on_form
from matcher.web.gates import actor, staff

#: What the kinds of words are called on the page, in the order of the engine's fields.
KINDS = {
    "trades": _l("工种"),
    "disciplines": _l("学科、专业"),
    "equipment": _l("设备"),
    "materials": _l("材料"),
    "processes": _l("工艺"),
    "symptoms": _l("毛病、现象"),
    "products": _l("产品"),
    "employers": _l("常见单位"),
}
SOURCES = {"administrator": _l("修改"), "merge": _l("合并"), "back": _l("恢复")}


class EntryForm(FlaskForm):
    """One competence; words one per line."""

    name = StringField(_l("专长名称"), validators=[DataRequired(_l("请填写专长名称。")), Length(max=60)])
    family = StringField(_l("类别"), validators=[Length(max=40)])
    industries = StringField(_l("行业代码"), validators=[Length(max=200)])
    trades = TextAreaField(KINDS["trades"], validators=[Length(max=4000)])
    disciplines = TextAreaField(KINDS["disciplines"], validators=[Length(max=4000)])
    equipment = TextAreaField(KINDS["equipment"], validators=[Length(max=4000)])
    materials = TextAreaField(KINDS["materials"], validators=[Length(max=4000)])
    processes = TextAreaField(KINDS["processes"], validators=[Length(max=4000)])
    symptoms = TextAreaField(KINDS["symptoms"], validators=[Length(max=4000)])
    products = TextAreaField(KINDS["products"], validators=[Length(max=4000)])
    employers = TextAreaField(KINDS["employers"], validators=[Length(max=4000)])
    unheard = SelectMultipleField(_l("这些案例用词不要"), validate_choice=False)


@bp.get("/lexicon")
def lexicon() -> str:
    """Search, and the last changes."""
    _require()
    said = request.args.get("q", "").strip()[:40]
    return render_template(
        "admin/lexicon.html",
        said=said,
        found=lexicon_edits.search(said),
        recent=lexicon_edits.recent(),
        names={entry["id"]: entry["name"] for entry in service.entries_in_force().values()},
        version=service.version_number(),
        edition=service.current_edition(),
        lexicon=service.current_lexicon(),
        waiting=evidence.waiting(),
        sources=SOURCES,
        before_out=lexicon_edits.last_entry,
    )


@bp.route("/lexicon/new", methods=["GET", "POST"])
def new_competence() -> Any:
    """A competence that the lexicon does not have yet."""
    _require()
    return _edit("", {"near": [], "name": "", **{name: [] for name in TERM_FIELDS}})


@bp.route("/lexicon/<competence>", methods=["GET", "POST"])
def competence(competence: str) -> Any:
    """One competence: edit, look, save."""
    _require()
    return _edit(competence, service.entry_in_force(competence))


@bp.post("/lexicon/<competence>/back")
def lexicon_back(competence: str) -> Response:
    """As it was after an earlier edit, or as the package brings it."""
    _require()
    if (before := once.taken_before()) is not None:
        return before
    number = request.form.get("edit", 0, type=int)
    edit = db.session.get(CompetenceEdit, number) if number else None
    if number and (edit is None or edit.competence != competence):
        raise NotFound("没有找到这次修改。")
    lexicon_edits.go_back(competence, edit, by=actor())
    flash(_("已恢复，马上生效。"))
    still_here = competence in service.entries_in_force()
    return once.done(url_for(".competence", competence=competence) if still_here else url_for(".lexicon"))


@bp.post("/lexicon/<competence>/merge")
def lexicon_merge(competence: str) -> Response:
    """Two competences are one."""
    _require()
    if (before := once.taken_before()) is not None:
        return before
    into = request.form.get("into", "").strip()
    named = {entry["name"]: key for key, entry in service.entries_in_force().items()}
    lexicon_edits.merge(competence, named.get(into, into), by=actor())
    flash(_("已并入“%(name)s”。", name=into))
    return once.done(url_for(".competence", competence=named.get(into, into)))


@bp.post("/lexicon/<competence>/out")
def lexicon_out(competence: str) -> Response:
    """The competence is not wanted."""
    _require()
    if (before := once.taken_before()) is not None:
        return before
    entry = service.entry_in_force(competence)
    lexicon_edits.save(competence, None, by=actor())
    flash(_("“%(name)s”已停用，可以在最近的修改里恢复。", name=entry["name"]))
    return once.done(url_for(".lexicon"))


def _edit(key: str, entry: Entry) -> Any:
    form = EntryForm(data=_shown(entry)) if request.method == "GET" else EntryForm()
    seen = None
    if form.validate_on_submit():
        try:
            typed = lexicon_edits.checked(_typed(form, entry))
            if request.form.get("do") == "save":
                return _save(key, typed)
            seen = lexicon_preview.preview(staff().office, key or "own-new", {**typed, "id": key or "own-new"})
        except BadInput as error:
            put_on_form(form, error)
    status = BadInput.status if form.errors else 200
    return _page(key, entry, form, seen), status


def _save(key: str, typed: Entry) -> Response:
    if (before := once.taken_before()) is not None:
        return before
    edit = lexicon_edits.save(key, typed, by=actor()) if key else lexicon_edits.add(typed, by=actor())
    flash(_("已保存，马上生效。"))
    return once.done(url_for(".competence", competence=edit.competence))


def _page(key: str, entry: Entry, form: EntryForm, seen: lexicon_preview.Preview | None) -> str:
    edits = lexicon_edits.history(key) if key else []
    return render_template(
        "admin/competence.html",
        key=key,
        entry=entry,
        form=form,
        seen=seen,
        kinds=KINDS,
        taught=service.taught_to(key) if key else [],
        edits=lexicon_edits.differences(edits, key),
        is_shipped=service.shipped_entry(key) is not None,
        sources=SOURCES,
    )


def _shown(entry: Entry) -> dict[str, Any]:
    words = {name: "\n".join(entry.get(name, ())) for name in TERM_FIELDS}
    industries = "、".join(entry.get("industries", ()))
    told = {"name": entry.get("name", ""), "family": entry.get("family", ""), "industries": industries}
    return {**told, **words, "unheard": list(entry.get(UNHEARD, ()))}


def _typed(form: EntryForm, entry: Entry) -> Entry:
    lists = {name: _lines(getattr(form, name).data) for name in TERM_FIELDS}
    codes = [code for code in (form.industries.data or "").replace("、", " ").replace("，", " ").split() if code]
    told = {"name": form.name.data or "", "family": form.family.data or "", "industries": codes}
    return {**entry, **told, **lists, UNHEARD: list(form.unheard.data or [])}


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").replace("、", "\n").splitlines() if line.strip()]


def _require() -> None:
    require(staff(), Right.MANAGE_LEXICON, staff().office)
