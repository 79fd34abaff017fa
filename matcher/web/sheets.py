"""The visit sheet, the same for the expert and the desk: one page, a short code with its QR, room for the stamp."""

from flask import render_template, url_for

from matcher.models import Case
from matcher.plain.codes import short_code
from matcher.plain.qr import qr_svg
from matcher.services.briefing import Briefing
from matcher.web.look import safe_svg

#: What is longer than this does not leave room for the expert's own hand on one page.
MOST_WORDS = 260


def page(case: Case, told: Briefing) -> str:
    """The sheet. Its code leads whoever may see the case to it, and nobody else anywhere."""
    code = short_code(case.id)
    address = url_for("public.paper", code=code, _external=True)
    return render_template(
        "expert/sheet.html",
        case=case,
        told=told,
        code=code,
        picture=safe_svg(qr_svg(address, title=code, scale=3)),
        office=case.problem.office,
        most=MOST_WORDS,
    )
