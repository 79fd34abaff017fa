"""What is printed on paper leads back: the short code of a visit sheet, for those who may see its case."""

from flask import redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from matcher.access.doors import case_for
from matcher.errors import NotFound
from matcher.models import Role
from matcher.plain.codes import read_code
from matcher.web.gates import current_expert, staff
from matcher.web.public.blueprint import bp


@bp.get("/s/<code>")
def paper(code: str) -> Response:
    """An expert is led to the case, staff to its problem; strangers to the log-in, whether there is a case or not."""
    number = read_code(code)
    if number is None:
        raise NotFound("这个短码不对，请核对后再输入。")
    if current_expert() is not None:
        return redirect(url_for("expert.case", case_id=number))
    if not current_user.is_authenticated or current_user.has(Role.EXPERT):
        return redirect(url_for("auth.login", next=url_for(".paper", code=code)))
    return redirect(url_for("desk.problem", problem_id=case_for(staff(), number).problem_id))
