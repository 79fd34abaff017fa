"""The vocabularies: dated words, ended and added, never deleted."""

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
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

#: Each vocabulary by the name people give it.
NAMES = {
    "abandon_reasons": _l("中止服务单的原因"),
    "activity_kinds": _l("活动形式"),
    "benefit_kinds": _l("效益类别"),
    "channels": _l("来源渠道"),
    "complaint_kinds": _l("投诉建议类别"),
    "conflict_kinds": _l("利害关系"),
    "consent_purposes": _l("同意的用途"),
    "decline_reasons": _l("专家不能去的原因"),
    "enterprise_sizes": _l("企业规模"),
    "enterprise_tiers": _l("企业梯度"),
    "enterprise_titles": _l("企业称号"),
    "evidence_grades": _l("效益依据"),
    "follow_up_results": _l("复访结果"),
    "honours": _l("荣誉"),
    "industries": _l("行业"),
    "national_kinds": _l("全国口径的类别"),
    "outcomes": _l("办结结果"),
    "ownerships": _l("所有制"),
    "problem_kinds": _l("难题类别"),
    "professional_titles": _l("职称"),
    "recall_reasons": _l("收回点将的原因"),
    "refuse_reasons": _l("谢绝条件的原因"),
    "reject_reasons": _l("不予受理的原因"),
    "release_reasons": _l("专家退出的原因"),
    "reopen_reasons": _l("重新打开的原因"),
    "reporting_kinds": _l("上报类别（五张清单）"),
    "return_reasons": _l("退回补充的原因"),
    "reveal_purposes": _l("查看电话的用途"),
    "service_forms": _l("服务形式"),
    "site_risks": _l("现场危险"),
    "skill_grades": _l("技能等级"),
    "terms_kinds": _l("专家提的条件"),
    "towns": _l("乡镇（街道、园区）"),
    "unsolved_reasons": _l("未解决的原因"),
    "urgencies": _l("紧急程度"),
    "visit_forms": _l("上门形式"),
    "withdraw_reasons": _l("撤回的原因"),
    "wuxiao_kinds": _l("五小类别"),
}


@bp.get("/words")
def words() -> str:
    """One vocabulary, and the names of all."""
    require(staff(), Right.MANAGE_WORDS, staff().office)
    names = db.session.scalars(select(Term.vocabulary).distinct().order_by(Term.vocabulary)).all()
    name = request.args.get("vocabulary", "honours")
    terms = db.session.scalars(select(Term).filter_by(vocabulary=name).order_by(Term.sort, Term.id)).all()
    return render_template("admin/words.html", names=[(n, NAMES.get(n, n)) for n in names], name=name, terms=terms)


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
