"""Scripts that come out of installed packages, served from here: nothing is fetched from elsewhere."""

from importlib.resources import as_file, files

from flask import Blueprint, send_file
from werkzeug.wrappers import Response

from matcher.web.gates import anyone, put_gate

bp = Blueprint("assets", __name__, url_prefix="/assets")
put_gate(bp, anyone())


@bp.get("/htmx.js")
def htmx() -> Response:
    """htmx, as the package js_lib_htmx ships it."""
    with as_file(files("js_lib_htmx") / "static" / "htmx" / "htmx.min.js") as path:
        return send_file(path, mimetype="text/javascript", max_age=86400)
