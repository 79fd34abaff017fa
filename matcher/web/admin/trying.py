"""试一试: paste a text and see how the matcher splits, classifies and proposes, and why."""

from flask import render_template, request
from sqlalchemy import select

from matcher.access.doors import visible_experts
from matcher.access.rights import Right, require
from matcher.db import db
from matcher.matching import Need, classify, propose, split
from matcher.models import Expert
from matcher.services import roster_index
from matcher.web.admin.blueprint import bp
from matcher.web.gates import staff

LONGEST = 5000


@bp.route("/try", methods=["GET", "POST"])
def try_matcher() -> str:
    """Nothing is stored; only experts of the office's own subtree and those above it are named."""
    user = staff()
    require(user, Right.MANAGE_LEXICON, user.office)
    text = request.form.get("text", "")[:LONGEST]
    pieces = [text[a:b] for a, b in split(text)] if text.strip() else []
    return render_template("admin/try.html", text=text, answers=[_answer(piece) for piece in pieces])


def _answer(text: str) -> dict[str, object]:
    read = classify(text)
    need = Need("try", text, industry=read.industry or "")
    index = roster_index.current_index().with_weights(roster_index.current_weights())
    answer = propose(need, index, limit=5, among={str(expert_id) for expert_id in _visible_ids()})
    matches = answer.matches
    experts = db.session.scalars(select(Expert).where(Expert.id.in_([int(match.expert_id) for match in matches])))
    names = {str(expert.id): expert for expert in experts}
    return {"text": text, "read": read, "answer": answer, "matches": [(names[m.expert_id], m) for m in matches]}


def _visible_ids() -> list[int]:
    return list(db.session.scalars(visible_experts(staff()).with_only_columns(Expert.id)))
