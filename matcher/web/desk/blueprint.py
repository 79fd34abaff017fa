"""The blueprint of the desk and its gate: reading is for these hats, writing is checked thing by thing."""

from flask import Blueprint

from matcher.models import Role
from matcher.web.gates import only, put_gate

bp = Blueprint("desk", __name__, url_prefix="/desk")
put_gate(bp, only(Role.DISPATCHER, Role.LEADER, Role.VERIFIER, Role.WRITER, Role.ADMIN))
