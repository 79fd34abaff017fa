"""The public blueprint, open to strangers."""

from flask import Blueprint

from matcher.web.gates import anyone, put_gate

bp = Blueprint("public", __name__)
put_gate(bp, anyone())
