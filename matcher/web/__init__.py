"""HTTP in, HTTP out: blueprints by audience, one commit per request, errors translated once."""

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from matcher.web import (
    admin,
    assets,
    auth,
    desk,
    errors,
    expert,
    follow,
    headers,
    languages,
    look,
    page,
    public,
    reports,
)
from matcher.web.throttle import limiter

csrf = CSRFProtect()

BLUEPRINTS = (
    public.bp,
    auth.bp,
    follow.bp,
    expert.bp,
    desk.bp,
    reports.bp,
    admin.bp,
    assets.bp,
)


def init_app(app: Flask) -> None:
    """Put the pages on the application."""
    if hops := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    csrf.init_app(app)
    limiter.init_app(app)
    languages.init_languages(app)
    auth.init_login(app)
    look.init_look(app)
    page.init_page(app)
    headers.init_headers(app)
    errors.init_errors(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
