"""create_app: settings, database, languages, pages, commands. Importing this module does nothing."""

from pathlib import Path

from flask import Flask
from flask_bootstrap import Bootstrap5

from config import ROOT, Config
from matcher import cli, web
from matcher.db import db, migrate
from matcher.plain.sealed import Sealer
from matcher.services import meanings, roster_index
from matcher.services.accounts import hasher_with
from matcher.services.attachments import Folder
from matcher.services.embedding import Embedder, embedder_of


def create_app(config: Config | None = None) -> Flask:
    """An application with its own settings; tests make many."""
    settings = config or Config()
    app = Flask(
        "matcher",
        root_path=str(ROOT),
        instance_path=settings.INSTANCE,
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    app.config.from_object(settings)
    Path(settings.INSTANCE).mkdir(parents=True, exist_ok=True)
    app.extensions["sealer"] = Sealer(settings.SEALING_KEYS)
    app.extensions["hasher"] = hasher_with(**settings.ARGON2)
    app.extensions["store"] = Folder(settings.UPLOADS)
    db.init_app(app)
    meanings.use(settings.SQLALCHEMY_DATABASE_URI, _model(settings))
    roster_index.start(settings.SQLALCHEMY_DATABASE_URI, Path(settings.INDEX_DIR))
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    Bootstrap5(app)
    web.init_app(app)
    cli.init_app(app)
    return app


def _model(settings: Config) -> Embedder | None:
    """The optional model of the configuration."""
    return embedder_of(
        settings.EMBEDDINGS,
        key=settings.EMBEDDINGS_KEY,
        model=settings.EMBEDDINGS_MODEL,
        timeout=settings.EMBEDDINGS_TIMEOUT,
    )
