"""The house itself: arrows point down, every blueprint has a gate, models and migrations agree."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import text

from config import ROOT
from matcher.db import db
from matcher.web import BLUEPRINTS

PACKAGE = ROOT / "matcher"

#: Floor -> what it may import of ours. `app` ties everything and may import all.
MAY_IMPORT = {
    "plain": set(),
    "matching": set(),
    "errors": set(),
    "db": set(),
    "models": {"db", "errors", "plain"},
    "services": {"db", "errors", "plain", "matching", "models"},
    "access": {"db", "errors", "models"},
    "demo": {"db", "errors", "plain", "matching", "models", "services"},
    "jobs": {"db", "services"},
    "web": {"db", "errors", "plain", "matching", "models", "services", "access", "demo"},
    "cli": {"db", "errors", "plain", "matching", "models", "services", "demo", "jobs"},
}


def modules() -> Iterator[tuple[Path, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        floor = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if floor in MAY_IMPORT:
            yield path, floor


def imports_of(path: Path) -> Iterator[tuple[str, int, bool]]:
    """(imported module of ours, line, stands inside a function)"""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inner = {id(n) for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) for n in ast.walk(f)}
    for node in ast.walk(tree):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module == "matcher":
            names = [f"matcher.{alias.name}" for alias in node.names]
        for name in names:
            if name.startswith("matcher."):
                yield name, node.lineno, id(node) in inner


@pytest.mark.parametrize(("path", "floor"), list(modules()), ids=lambda v: str(v).split("matcher/")[-1])
def test_imports_point_downwards_only(path: Path, floor: str) -> None:
    for name, line, inside in imports_of(path):
        target = name.split(".")[1]
        assert not inside, f"{path.name}:{line} imports {name} inside a function"
        assert target == floor or target in MAY_IMPORT[floor], f"{path.name}:{line}: {floor} may not import {target}"


def test_importing_the_package_is_light() -> None:
    """The engine's command line must not drag the web in."""
    source = (PACKAGE / "__init__.py").read_text(encoding="utf-8")
    assert not [n for n in ast.walk(ast.parse(source)) if isinstance(n, (ast.Import, ast.ImportFrom))]


@pytest.mark.parametrize("blueprint", BLUEPRINTS, ids=lambda b: b.name)
def test_every_blueprint_has_a_gate(blueprint) -> None:
    assert getattr(blueprint, "gate", None) in blueprint.before_request_funcs[None]


def test_services_never_commit_and_know_no_request() -> None:
    for path in sorted((PACKAGE / "services").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        assert "session.commit(" not in source, path.name
        assert "from flask" not in source, path.name


def test_models_and_migrations_agree(app: Flask) -> None:
    with app.app_context():
        check()


def test_migrations_go_down_and_up_again(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        downgrade(revision="base")
        upgrade()
        assert db.session.scalar(text("SELECT count(*) FROM problems")) == 0
        db.session.remove()


def test_templates_escape_and_fetch_nothing_from_elsewhere() -> None:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        source = path.read_text(encoding="utf-8")
        assert "|safe" not in source, path
        assert 'src="http' not in source, path
        assert 'href="http' not in source, path
        assert "style=" not in source, path
        assert "onclick" not in source, path


def test_every_empty_state_says_what_to_do() -> None:
    told = [
        (path.name, call)
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for call in re.findall(r'empty\(_\("[^"]*"[^)]*\)(.)', path.read_text(encoding="utf-8"))
    ]
    assert len(told) > 30
    assert [name for name, after in told if after != ","] == []


def test_no_minified_file_is_committed() -> None:
    assert not [p for p in (ROOT / "static").rglob("*") if ".min." in p.name]
