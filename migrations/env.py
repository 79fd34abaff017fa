"""How Alembic reaches the application's database; the same migrations run on SQLite and PostgreSQL."""

from typing import Any

from alembic import context
from flask import current_app

from matcher.db import Base, UTCDateTime
from matcher.models.sealing import SealedText


def render_item(kind: str, item: Any, autogen_context: Any) -> str | bool:
    """Write our column types as the plain types they are stored as; migrations import nothing of ours."""
    if kind != "type":
        return False
    if isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, SealedText):
        return "sa.Text()"
    return False


def run() -> None:
    """Run the migrations online, inside one transaction per revision."""
    migrate = current_app.extensions["migrate"]
    with migrate.db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=render_item,
            transaction_per_migration=True,
            **migrate.configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
