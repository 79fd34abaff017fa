"""The blueprint of figures, activities and the benefit ledger, and its gate."""

from flask import Blueprint

from matcher.models import Role
from matcher.web.gates import only, put_gate

bp = Blueprint("reports", __name__, url_prefix="/reports")
put_gate(bp, only(Role.DISPATCHER, Role.LEADER, Role.VERIFIER, Role.WRITER))
