"""The texts that people read, and whether all of them are translated.

`python -m tests.texts` says what is missing, gone or different and fails; `python -m tests.texts update` writes new
texts into the catalog and takes out those that are gone. Chinese is the source. A text is what templates mark with
`_()`, and every Chinese string of the code that reaches a page: marked ones, errors, labels.
"""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from config import ROOT

PO = ROOT / "matcher" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
HAN = re.compile(r"[\u4e00-\u9fff]")
#: Chinese letters, and punctuation that no other language has.
WIDE = re.compile(r"[\u3001\u3002\u4e00-\u9fff\uff01-\uff5e]")
SLOT = re.compile(r"%\(\w+\)[sd]")
#: What remains Chinese for readers of English: names on forms, hedges of the brief, the mark of samples.
LEFT = re.compile(r"[“(（]?(姓名|单位|专长|专精特新|示例|余|超|近|代录|五小)[”)）]?")
MARKED = re.compile(r"""\b_\(\s*(?:"[^"]*"|'[^']*')""")
REMARK = re.compile(r"{#.*?#}", re.DOTALL)
#: Chinese of templates that is compared, or names a language in that language.
UNMARKED = ('"元"', "'元'", '"万元"', ">中文<")
#: Words that are compared with what people write, or made up for the demo: nobody reads them on a page.
DATA = ("matching/", "demo/", "translations/", "data/")
PATTERNS = (
    "plain/claims.py",
    "plain/masking.py",
    "plain/names.py",
    "plain/wording.py",
    "services/briefs.py",
    "services/imports/cells.py",
    "services/imports/menu_rows.py",
    "services/imports/roster_rows.py",
    "services/imports/roster.py",
    "services/imports/menus.py",
    "services/imports/samples.py",
    "services/attendance.py",
    # Documents for offices that read Chinese; only what can go wrong is told in the reader's language.
    "services/exports/",
)
#: Calls whose Chinese is written into the database in the language of the county: notices, titles.
KEPT = re.compile(
    r"^(tell_\w+|_tell_\w+|record|compile|fullmatch|match|search|sub|split|"
    r"as_file|option|argument|echo|password_option|ClickException)$"
)
ERRORS = re.compile(r"(Error|BadInput|WrongMove|NotAllowed|NotFound|Conflicting|TooMany|_unknown)$")


@cache
def texts() -> dict[str, list[tuple[str, int]]]:
    """Every text -> where it stands."""
    found: dict[str, list[tuple[str, int]]] = {}
    for path in sorted((ROOT / "templates").rglob("*.html")):
        _add(found, path, _marked(path, "jinja2.ext:babel_extract"))
    for path in sorted((ROOT / "matcher").rglob("*.py")):
        name = path.relative_to(ROOT / "matcher").as_posix()
        if not name.startswith(DATA) and not name.startswith("cli/"):
            _add(found, path, _chinese(path, name))
    return found


def _marked(path: Path, method: str) -> Iterator[tuple[str, int]]:
    for line, message, _comments, _context in extract_from_file(
        method, str(path), keywords={"_": None, "gettext": None}
    ):
        yield (message if isinstance(message, str) else message[0]), line


def _chinese(path: Path, name: str) -> Iterator[tuple[str, int]]:
    """Chinese constants of a module, without docstrings and f-strings; of some modules only those of errors."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = set(_inside(tree, _is_no_text))
    wanted = set(_inside(tree, _is_error)) if name.startswith(PATTERNS) else None
    if name == "services/imports/fields.py":
        skipped |= set(_inside(tree, lambda node: False)) | _aliases(tree)
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str) and HAN.search(node.value)):
            continue
        if id(node) not in skipped and (wanted is None or id(node) in wanted):
            yield node.value, node.lineno


def _inside(tree: ast.AST, wanted) -> Iterator[int]:
    for node in ast.walk(tree):
        if wanted(node):
            yield from (id(inner) for inner in ast.walk(node))


def _is_no_text(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return bool(KEPT.match(_called(node)))
    is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_docstring or isinstance(node, ast.JoinedStr)


def _is_error(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and bool(ERRORS.search(_called(node)))


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _aliases(tree: ast.AST) -> set[int]:
    """The other names of a column; only the first is shown."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _called(node) == "_field"]
    return {id(argument) for call in calls for argument in call.args[2:]}


def _add(found: dict[str, list[tuple[str, int]]], path: Path, pairs: Iterator[tuple[str, int]]) -> None:
    for text, line in pairs:
        if WIDE.search(text):
            found.setdefault(text, []).append((path.relative_to(ROOT).as_posix(), line))


def catalog() -> Catalog:
    """The English texts as they are kept."""
    if not PO.exists():
        return Catalog(locale="en", project="dianjiang")
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def wrong(kept: Catalog) -> list[str]:
    """What a reader of English would stumble over, one sentence each."""
    found = texts()
    told = [f"not in the sources any more: {m.id}" for m in kept if m.id and m.id not in found]
    for text, places in found.items():
        message = kept.get(text)
        where = f"{places[0][0]}:{places[0][1]}"
        if message is None or not message.string:
            told.append(f"{where}: not translated: {text}")
        elif message.fuzzy:
            told.append(f"{where}: unsure: {text}")
        elif set(SLOT.findall(text)) != set(SLOT.findall(str(message.string))):
            told.append(f"{where}: other slots: {text} / {message.string}")
        elif HAN.search(LEFT.sub("", str(message.string))):
            told.append(f"{where}: Chinese in the translation: {message.string}")
    return told


def unmarked() -> list[str]:
    """Chinese in templates, letters and punctuation, that no translation reaches, one sentence each."""
    told = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        source = REMARK.sub(lambda found: "\n" * found[0].count("\n"), path.read_text(encoding="utf-8"))
        for number, line in enumerate(MARKED.sub("_(", source).split("\n"), start=1):
            for allowed in UNMARKED:
                line = line.replace(allowed, "")
            if WIDE.search(line):
                told.append(f"{path.relative_to(ROOT).as_posix()}:{number}: not marked: {line.strip()}")
    return told


def update() -> int:
    """Write new texts into the catalog, without a translation yet; forget those that are gone."""
    kept = catalog()
    # The times of the old file are kept, so that only texts make a difference.
    fresh = Catalog(
        locale="en",
        project="dianjiang",
        version="1",
        header_comment="# English texts; `python -m tests.texts update` keeps them in step with the sources.",
        msgid_bugs_address="see README.md",
        last_translator="dianjiang",
        language_team="English",
        charset="utf-8",
        fuzzy=False,
        creation_date=kept.creation_date,
        revision_date=kept.creation_date,
    )
    for text in texts():
        message = kept.get(text)
        fresh.add(text, message.string if message is not None else "", flags=message.flags if message else ())
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, fresh, omit_header=False, sort_output=True, width=0, no_location=True)
    return len([m for m in fresh if m.id and not m.string])


def main(arguments: list[str]) -> int:
    """Check, or update."""
    if arguments == ["update"]:
        sys.stdout.write(f"{update()} texts wait for a translation in {PO.relative_to(ROOT)}\n")
        return 0
    found = wrong(catalog()) + unmarked()
    sys.stdout.write("".join(f"{line}\n" for line in found) or "All texts are translated.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
