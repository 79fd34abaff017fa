"""The experts' blueprint and its gate."""

from flask import Blueprint

from matcher.web.gates import an_expert, put_gate

bp = Blueprint("expert", __name__, url_prefix="/expert")
put_gate(bp, an_expert())
