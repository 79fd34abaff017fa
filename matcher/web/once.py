"""Forms that are safe to press twice: a key in the form, and where its first taking led."""

import secrets

from flask import flash, redirect, request
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from matcher.db import db
from matcher.models import FormKey

FIELD = "form_key"


def new_key() -> str:
    """A key for a form that is shown; a form that comes back with an error keeps its own."""
    return request.form.get(FIELD) or secrets.token_urlsafe(16)


def taken_before() -> Response | None:
    """Where this very form led when it was first taken; None for a form that is new."""
    key = request.form.get(FIELD, "")
    earlier = db.session.get(FormKey, key) if key else None
    if earlier is None:
        return None
    flash(_("这份表单已经提交过了，没有重复提交。"))
    return redirect(earlier.answer or request.path)


def done(answer: str) -> Response:
    """Commit the request and lead on; a second press in the same moment is led to the same place."""
    key = request.form.get(FIELD, "")
    if key:
        db.session.add(FormKey(key=key[:64], answer=answer))
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        earlier = db.session.get(FormKey, key[:64]) if key else None
        if earlier is None:
            raise
        return redirect(earlier.answer)
    return redirect(answer)
