"""Notices: one's own, and those that the desk hands on by WeChat or telephone with a fresh link."""

from typing import Any

from flask import current_app, flash, render_template, url_for
from flask_babel import gettext as _

from matcher.access.doors import notice_for
from matcher.access.rights import Right, require
from matcher.db import db
from matcher.plain.qr import qr_svg
from matcher.services import notices
from matcher.services.history import record
from matcher.web import once
from matcher.web.desk.blueprint import bp
from matcher.web.gates import actor, staff
from matcher.web.look import safe_svg

#: So many of each stand open; the rest is folded.
SHOWN = 20


@bp.get("/notices", endpoint="notices")
def notice_list() -> str:
    """Own unread ones, and what nobody else sends."""
    user = staff()
    return render_template(
        "desk/notices.html", own=notices.unread(user), to_hand_on=notices.to_hand_on(user.office), shown=SHOWN
    )


@bp.post("/notices/<int:notice_id>/copy")
def copy_notice(notice_id: int) -> str:
    """The text to copy, with a link that is minted now and shown this once."""
    notice = notice_for(staff(), notice_id)
    require(staff(), Right.RECORD, staff().office)
    text = notices.text_with_link(notice, base_url=current_app.config["BASE_URL"])
    record(actor(), "link.mint", notice.problem or notice.menu or notice.expert)
    db.session.commit()
    return render_template("desk/handed.html", notice=notice, subject=notice.subject, **shown(text))


@bp.post("/notices/<int:notice_id>/read")
def read_notice(notice_id: int) -> Any:
    """Seen, or told by telephone."""
    notices.mark_read(notice_for(staff(), notice_id), by=actor())
    flash(_("已处理。"))
    return once.done(url_for("desk.notices"))


def shown(text: str) -> dict[str, Any]:
    """A text that ends with a link, and the link as a QR code."""
    link = text.rsplit("\n", 1)[-1]
    code = safe_svg(qr_svg(link, title=_("二维码"))) if link.startswith("http") else None
    return {"text": text, "code": code}
