"""A roster or a ledger of menus from a file: upload, mapping and dry run, loading with a bar, the report."""

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired

from matcher.access.doors import import_for
from matcher.access.rights import Right, require
from matcher.errors import BadInput
from matcher.models import Import, Office
from matcher.plain.errors import PlainError
from matcher.services.attachments import Store
from matcher.services.imports import filed as files
from matcher.services.imports.fields import FIELDS, ImportKind
from matcher.services.imports.filed import ImportState
from matcher.services.imports.outcome import RowState, outcome_of
from matcher.web import once
from matcher.web.desk.blueprint import bp
from matcher.web.errors import put_on_form
from matcher.web.gates import actor, staff

KINDS = {ImportKind.ROSTER: _l("导入专家名册"), ImportKind.MENUS: _l("导入需求台账")}
RIGHTS = {ImportKind.ROSTER: Right.ROSTER, ImportKind.MENUS: Right.HANDLE}
ROW_STATES = {
    RowState.ADDED: _l("新增"),
    RowState.CHANGED: _l("更新"),
    RowState.THERE: _l("已有"),
    RowState.ERROR: _l("有错"),
}
#: Rows of the report on one page.
PER_PAGE = 200


class UploadForm(FlaskForm):
    file = FileField(_l("文件"), validators=[FileRequired(_l("请选择一个文件。"))])


@bp.route("/imports/<any(roster, menus):kind>", methods=["GET", "POST"])
def upload(kind: str) -> Any:
    """Choose the file; it is read at once, so that one that cannot be read is told here."""
    wanted, office, form = ImportKind(kind), staff().office, UploadForm()
    require(staff(), RIGHTS[wanted], office)
    if request.method == "POST" and (earlier := once.taken_before()):
        return earlier
    if form.validate_on_submit():
        try:
            return _keep(wanted, office, form)
        except (BadInput, PlainError) as error:
            put_on_form(form, error)
    status = 422 if form.is_submitted() else 200
    fields = [field.label for field in FIELDS[wanted]]
    page = render_template("desk/import_upload.html", form=form, kind=wanted, heading=KINDS[wanted], fields=fields)
    return page, status


@bp.get("/imports/<int:import_id>")
def look_at_import(import_id: int) -> Any:
    """What the dry run, or the loading, says of every row."""
    found = _import_for(import_id)
    outcome = outcome_of(found.report)
    wanted, page = request.args.get("state", ""), max(request.args.get("page", 1, type=int), 1)
    lines = [line for line in outcome.lines if not wanted or line.state.value == wanted]
    return render_template(
        "desk/import_report.html",
        filed=found,
        heading=KINDS[ImportKind(found.kind)],
        fields=FIELDS[ImportKind(found.kind)],
        columns=_columns(found),
        counts=outcome.counts,
        lines=lines[(page - 1) * PER_PAGE : page * PER_PAGE],
        row_states=ROW_STATES,
        wanted=wanted,
        page=page,
        has_more=len(lines) > page * PER_PAGE,
    )


@bp.get("/imports/<int:import_id>/progress")
def import_progress(import_id: int) -> Any:
    """The bar alone, asked for again and again; when the work is done it sends the page on."""
    found = _import_for(import_id)
    answer = current_app.make_response(render_template("desk/import_bar.html", filed=found))
    if not _is_at_work(found):
        answer.headers["HX-Refresh"] = "true"
    return answer


@bp.post("/imports/<int:import_id>/mapping")
def map_import(import_id: int) -> Any:
    """The person says which column holds what."""
    found = _import_for(import_id)
    names = (field.name for field in FIELDS[ImportKind(found.kind)])
    mapping = {name: column for name in names if (column := request.form.get(f"column-{name}"))}
    try:
        files.remap(found, mapping, store=_store())
    except BadInput as error:
        return _back_with(found, error)
    return once.done(url_for(".look_at_import", import_id=found.id))


@bp.post("/imports/<int:import_id>/load")
def load_import(import_id: int) -> Any:
    """Do what the dry run showed."""
    if earlier := once.taken_before():
        return earlier
    found = _import_for(import_id)
    files.confirm(found, store=_store(), by=actor())
    if found.state == ImportState.LOADED.value:
        flash(_("已导入。"))
    return once.done(url_for(".look_at_import", import_id=found.id))


@bp.post("/imports/<int:import_id>/drop")
def drop_import(import_id: int) -> Any:
    """Not this file."""
    found = _import_for(import_id)
    kind = found.kind
    files.drop(found, store=_store())
    flash(_("文件已删除，没有导入任何内容。"))
    return once.done(url_for(".upload", kind=kind))


def _keep(kind: ImportKind, office: Office, form: UploadForm) -> Any:
    sent = form.file.data
    found = files.keep(office, kind, sent.read(), sent.filename or "", store=_store(), by=actor())
    return once.done(url_for(".look_at_import", import_id=found.id))


def _back_with(found: Import, error: BadInput) -> Any:
    flash(str(error), "error")
    return redirect(url_for(".look_at_import", import_id=found.id))


def _import_for(import_id: int) -> Import:
    found = import_for(staff(), import_id)
    if found.kind not in list(ImportKind):
        abort(404)
    require(staff(), RIGHTS[ImportKind(found.kind)], found)
    return found


def _columns(found: Import) -> list[str]:
    """The headings to choose from, while the file is still kept."""
    if found.state not in (ImportState.UNMAPPED.value, ImportState.CHECKED.value):
        return []
    return files.read_again(found, store=_store()).columns


def _is_at_work(found: Import) -> bool:
    """Whether the jobs have something to do with it."""
    at_work = (ImportState.READ, ImportState.WAITING, ImportState.LOADING)
    return ImportState(found.state) in at_work


def _store() -> Store:
    store: Store = current_app.extensions["store"]
    return store
