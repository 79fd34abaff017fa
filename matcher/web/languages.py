"""Chinese first, English second: the language of a request and the switch."""

from flask import Flask, g, request, session
from flask_babel import Babel

LANGUAGES = {"zh": "zh_Hans_CN", "en": "en"}

babel = Babel()


def init_languages(app: Flask) -> None:
    """Choose a language per request: what was switched to, else Chinese."""
    babel.init_app(app, locale_selector=chosen_locale)
    app.before_request(_switch)


def chosen_locale() -> str:
    """The locale's name for Babel."""
    return LANGUAGES[language()]


def language() -> str:
    """ "zh" or "en"."""
    if "language" not in g:
        kept = session.get("language", "zh")
        g.language = kept if kept in LANGUAGES else "zh"
    found: str = g.language
    return found


def _switch() -> None:
    wanted = request.args.get("lang")
    if wanted in LANGUAGES:
        session["language"] = wanted
