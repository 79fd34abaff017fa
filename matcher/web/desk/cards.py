"""解题卡: solved cases without names. The office reads and edits a draft, releases it, and can take it back."""

from enum import StrEnum
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import Select, func, select
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from matcher.access.doors import card_for, case_for, visible_cards, visible_cases
from matcher.access.rights import Right, may, require
from matcher.db import db
from matcher.errors import BadInput
from matcher.models import Case, Outcome, SolutionCard
from matcher.plain.errors import PlainError
from matcher.services import cards
from matcher.web import once
from matcher.web.desk.blueprint import bp
from matcher.web.desk.forms import FILL, clean
from matcher.web.errors import put_on_form
from matcher.web.gates import actor, staff

PER_PAGE = 30
LONG = [Length(max=5000)]


class Shelf(StrEnum):
    """Which cards are looked at, or the solved cases that could become one."""

    SHOWN = "shown"
    WITHDRAWN = "withdrawn"
    POSSIBLE = "possible"


TABS = {
    Shelf.SHOWN: (_l("已发布"), "tick"),
    Shelf.POSSIBLE: (_l("可以做成卡片"), "pen"),
    Shelf.WITHDRAWN: (_l("已撤下"), "back"),
}


class CardForm(FlaskForm):
    """What the card will say, for everybody to read."""

    title = StringField(_l("标题"), filters=[clean], validators=[DataRequired(FILL), Length(max=80)])
    problem = TextAreaField(_l("难题"), filters=[clean], validators=[DataRequired(FILL), *LONG])
    cause = TextAreaField(_l("原因"), filters=[clean], validators=LONG)
    measures = TextAreaField(_l("办法"), filters=[clean], validators=[DataRequired(FILL), *LONG])
    verification = TextAreaField(_l("怎样验证"), filters=[clean], validators=LONG)
    read = BooleanField(
        _l("我读过一遍：没有企业名、人名、电话和商业秘密"),
        validators=[DataRequired(_l("请先读一遍，再勾选。"))],
    )


@bp.get("/cards", endpoint="cards")
def card_list() -> str:
    """The cards one may read, and the solved cases of one's own that have none."""
    user = staff()
    asked = request.args.get("shelf", "")
    shelf = Shelf(asked) if asked in set(Shelf) else Shelf.SHOWN
    words = request.args.get("q", "").strip()[:100]
    queries = {one: _query(one, words) for one in Shelf}
    page = db.paginate(queries[shelf], per_page=PER_PAGE, max_per_page=PER_PAGE)
    return render_template(
        "desk/cards.html",
        page=page,
        shelf=shelf,
        words=words,
        tabs=TABS,
        counts={one: _count(query) for one, query in queries.items()},
        may_change={one.id for one in page.items if may(user, Right.HANDLE, _holder(one))},
    )


@bp.get("/cases/<int:case_id>/card")
def card_draft(case_id: int) -> str:
    """What the card says, or would say."""
    return _page(_case(case_id))


@bp.post("/cases/<int:case_id>/card")
def release_card(case_id: int) -> Any:
    """Release the card in the words that were read."""
    if (before := once.taken_before()) is not None:
        return before
    case, form = _case(case_id), CardForm()
    if not form.validate_on_submit():
        return _page(case, form), BadInput.status
    try:
        cards.release(case, {name: form[name].data for name in cards.draft(case)}, by=actor())
    except (BadInput, PlainError) as error:
        db.session.rollback()
        put_on_form(form, error)
        return _page(_case(case_id), form), BadInput.status
    flash(_("已发布。企业、专家和其他工会遇到类似难题时会看到它。"))
    return once.done(url_for("desk.cards"))


@bp.post("/cards/<int:card_id>/withdraw")
def withdraw_card(card_id: int) -> Any:
    """Show it no longer; it can be released again."""
    if (before := once.taken_before()) is not None:
        return before
    card = card_for(staff(), card_id)
    require(staff(), Right.HANDLE, card)
    cards.withdraw(card, by=actor())
    flash(_("已撤下，不再展示。需要时可以重新发布。"))
    return once.done(url_for("desk.cards"))


def _case(case_id: int) -> Case:
    case = case_for(staff(), case_id)
    require(staff(), Right.HANDLE, case.problem)
    return case


def _page(case: Case, form: CardForm | None = None) -> str:
    card = cards.card_of(case)
    if form is None:
        known = {name: getattr(card, name) for name in cards.draft(case)} if card is not None else cards.draft(case)
        form = CardForm(formdata=None, data=known)
    return render_template("desk/card.html", case=case, card=card, form=form)


def _query(shelf: Shelf, words: str) -> Select[Any]:
    user = staff()
    if shelf is Shelf.POSSIBLE:
        with_card = select(SolutionCard.case_id)
        solved = visible_cases(user).where(Case.outcome == Outcome.SOLVED, Case.id.not_in(with_card))
        return cards.said_in_case(solved, words).order_by(Case.id.desc())
    gone = SolutionCard.withdrawn_at
    query = visible_cards(user).where(gone.is_(None) if shelf is Shelf.SHOWN else gone.is_not(None))
    return cards.said_in_card(query, words).order_by(SolutionCard.times_solved.desc(), SolutionCard.id.desc())


def _count(query: Select[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def _holder(one: Case | SolutionCard) -> Any:
    return one.problem if isinstance(one, Case) else one
