"""试一试: paste a text and see how the matcher splits, classifies and proposes, and why."""

from dataclasses import asdict
from typing import Any

from flask import render_template, request
from flask_babel import lazy_gettext as _l

from matcher.access.doors import visible_experts
from matcher.access.rights import Right, require
from matcher.db import db
from matcher.matching import Classification, Match, Need, classify, propose, split
from matcher.models import Expert, ExpertState
from matcher.services import calibrations, lexicon, roster_index, words
from matcher.web.admin.blueprint import bp
from matcher.web.desk import labels
from matcher.web.desk.candidates import evidence_in
from matcher.web.gates import staff

LONGEST, SHOWN = 5000, 5
#: The axes of the classification with the vocabularies of their words.
AXES = (
    ("reporting_kind", "reporting_kinds", _l("上报类别")),
    ("problem_kind", "problem_kinds", _l("难题类别")),
    ("industry", "industries", _l("行业")),
    ("urgency", "urgencies", _l("紧急程度")),
)


@bp.route("/try", methods=["GET", "POST"])
def try_matcher() -> str:
    """Nothing is stored; only experts of the office's own subtree and those above it are named."""
    user = staff()
    require(user, Right.MANAGE_LEXICON, user.office)
    text = request.form.get("text", "")[:LONGEST]
    pieces = [text[a:b] for a, b in split(text)] if text.strip() else []
    experts = {str(expert.id): expert for expert in _visible()} if pieces else {}
    answers = [_answer(piece, experts) for piece in pieces]
    return render_template("admin/try.html", text=text, answers=answers, labels=labels)


def _answer(text: str, experts: dict[str, Expert]) -> dict[str, Any]:
    read = classify(text, lexicon.current_lexicon())
    need = Need("try", text, industry=words.word("industries", read.industry) if read.industry else "")
    weights, belief = calibrations.weights_for(staff().office)
    index = roster_index.current_index().with_weights(weights)
    answer = propose(need, index, limit=SHOWN, among=set(experts))
    return {
        "text": text,
        "read": _told(read),
        "answer": answer,
        "belief": belief,
        "matches": [_shown(match, experts[match.expert_id]) for match in answer.matches],
    }


def _told(read: Classification) -> list[tuple[str, str, list[tuple[str, list[str]]]]]:
    """(axis, vocabulary, [(code, the words that led to it)])."""
    told = [(str(label), vocabulary, _led_to(read, [(name, getattr(read, name))])) for name, vocabulary, label in AXES]
    risks = _led_to(read, [(code, code) for code in read.site_risks])
    return [*told, (str(_l("现场危险")), "site_risks", risks)]


def _led_to(read: Classification, codes: list[tuple[str, str | None]]) -> list[tuple[str, list[str]]]:
    return [(code, [span.text for span in read.why.get(axis, ())]) for axis, code in codes if code]


def _shown(match: Match, expert: Expert) -> dict[str, Any]:
    return {
        "expert": expert,
        "match": match,
        "need_spans": [asdict(span) for span in match.need_spans if span.field == "text"],
        "evidence": evidence_in(expert, [asdict(span) for span in match.expert_spans]),
    }


def _visible() -> list[Expert]:
    query = visible_experts(staff()).where(Expert.state == ExpertState.ACTIVE)
    return list(db.session.scalars(query.order_by(Expert.id)))
