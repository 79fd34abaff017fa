"""The QR code of the office's form, to download and to hang up."""

from flask import current_app, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matcher.plain.qr import qr_file, qr_svg
from matcher.web.desk.blueprint import bp
from matcher.web.downloads import as_file
from matcher.web.gates import staff
from matcher.web.look import safe_svg

MIMES = {"svg": "image/svg+xml", "png": "image/png"}


@bp.get("/qr")
def qr() -> str:
    """The code, its address, the downloads and the way to the poster."""
    return render_template("desk/qr.html", **_shown())


@bp.get("/qr.<any(svg, png):kind>")
def qr_download(kind: str) -> Response:
    """The code as a file."""
    return as_file(qr_file(form_address(), kind), f"{staff().office.name}_我要点菜二维码.{kind}", MIMES[kind])


@bp.get("/poster")
def poster() -> str:
    """One sheet to print."""
    return render_template("desk/poster.html", **_shown(scale=9))


def form_address() -> str:
    """The address of the office's own form, as it stands in the code."""
    base = current_app.config["BASE_URL"]
    return f"{base}{url_for('public.order', code=staff().office.code, via='qr')}"


def _shown(*, scale: int = 6) -> dict[str, object]:
    code = safe_svg(qr_svg(form_address(), title=_("我要点菜的二维码"), scale=scale))
    return {"code": code, "address": form_address(), "office": staff().office}
