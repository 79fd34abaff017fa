"""The blueprint of figures, activities and the benefit ledger, and its gate."""

from flask import Blueprint, request
from flask_login import current_user
from werkzeug.wrappers import Response

from matcher.errors import NotAllowed
from matcher.models import Role
from matcher.web.gates import only, put_gate

#: What an auditor reads here: reports that were handed in, and the frozen lists behind their numbers.
FROZEN = {"reports.versions", "reports.version", "reports.version_file", "reports.frozen_lines"}
DESK = (Role.DISPATCHER, Role.LEADER, Role.VERIFIER, Role.WRITER)

_let_in = only(*DESK, Role.AUDITOR)


def gate() -> Response | None:
    """The hats of the desk; an auditor comes as far as the frozen reports."""
    answer = _let_in()
    if answer is None and not current_user.has(*DESK) and request.endpoint not in FROZEN:
        raise NotAllowed("您的账号没有这项权限。")
    return answer


bp = Blueprint("reports", __name__, url_prefix="/reports")
put_gate(bp, gate)
