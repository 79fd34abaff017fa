"""The administrators' and auditors' blueprint and its gate."""

from flask import Blueprint

from matcher.models import Role
from matcher.web.gates import only, put_gate

bp = Blueprint("admin", __name__, url_prefix="/admin")
put_gate(bp, only(Role.ADMIN, Role.AUDITOR))
