"""One search over what is ours: by number, name, phone or words."""

from dataclasses import dataclass, field
from typing import TypeVar

from flask import render_template, request
from sqlalchemy import Select, or_, select

from matcher.access.doors import (
    visible_cases,
    visible_enterprises,
    visible_experts,
    visible_menus,
    visible_problems,
)
from matcher.db import db
from matcher.models import Case, Enterprise, Expert, Menu, Problem, User
from matcher.models.sealing import sealer
from matcher.plain.codes import read_code
from matcher.plain.phones import is_phone, normalise
from matcher.web.desk.blueprint import bp
from matcher.web.gates import staff

Noun = TypeVar("Noun", Problem, Enterprise, Expert)

MOST = 30


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brought, by noun."""

    problems: list[Problem] = field(default_factory=list)
    enterprises: list[Enterprise] = field(default_factory=list)
    experts: list[Expert] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found at all."""
        return not (self.problems or self.enterprises or self.experts)


@bp.get("/search")
def search() -> str:
    """A phone number finds its owners by the blind index; other words are looked for in names and texts."""
    said = request.args.get("q", "").strip()[:100]
    found = Found()
    if said:
        found = _by_phone(staff(), said) if is_phone(said) else _by_code(staff(), said) or _by_words(staff(), said)
    return render_template("desk/search.html", said=said, found=found)


def _by_phone(user: User, said: str) -> Found:
    index = sealer().blind_index(normalise(said))
    menus = visible_menus(user).where(Menu.phone_index == index).with_only_columns(Menu.id)
    firms = visible_enterprises(user).where(Enterprise.phone_index == index)
    of_firms = select(Menu.id).where(Menu.enterprise_id.in_(firms.with_only_columns(Enterprise.id)))
    asked = or_(Problem.menu_id.in_(menus), Problem.menu_id.in_(of_firms))
    return Found(
        problems=_first(visible_problems(user).where(asked).order_by(Problem.id.desc())),
        enterprises=_first(firms.order_by(Enterprise.name)),
        experts=_first(visible_experts(user).where(Expert.phone_index == index).order_by(Expert.name)),
    )


def _by_code(user: User, said: str) -> Found | None:
    """The problem of a visit sheet, by the short code on the paper."""
    number = read_code(said)
    query = visible_cases(user).where(Case.id == number).with_only_columns(Case.problem_id)
    problems = _first(visible_problems(user).where(Problem.id.in_(query))) if number is not None else []
    return Found(problems=problems) if problems else None


def _by_words(user: User, said: str) -> Found:
    key = said.lower()
    firms = visible_enterprises(user).where(
        or_(
            Enterprise.search_key.contains(key, autoescape=True),
            Enterprise.uscc.icontains(said, autoescape=True),
        )
    )
    menus = visible_menus(user).where(
        or_(
            Menu.firm_as_written.icontains(said, autoescape=True),
            Menu.enterprise_id.in_(firms.with_only_columns(Enterprise.id)),
        )
    )
    texts = or_(
        Problem.number.icontains(said, autoescape=True),
        Problem.title.icontains(said, autoescape=True),
        Problem.text.icontains(said, autoescape=True),
        Problem.menu_id.in_(menus.with_only_columns(Menu.id)),
    )
    people = or_(Expert.search_key.contains(key, autoescape=True), Expert.trade.icontains(said, autoescape=True))
    return Found(
        problems=_first(visible_problems(user).where(texts).order_by(Problem.id.desc())),
        enterprises=_first(firms.order_by(Enterprise.name)),
        experts=_first(visible_experts(user).where(people).order_by(Expert.name)),
    )


def _first(query: Select[Noun]) -> list[Noun]:
    return list(db.session.scalars(query.limit(MOST)))
