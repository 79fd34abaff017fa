"""What the demo plays, read from the content files: plain records, one a line."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

CONTENT = Path(__file__).resolve().parent / "content"


class Part(SimpleNamespace):
    """One line of a content file; what it does not say is None."""

    def __getattr__(self, name: str) -> Any:
        return None


def parts(name: str) -> list[Part]:
    """The lines of a content file."""
    with (CONTENT / f"{name}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line, object_hook=lambda found: Part(**found)) for line in lines]


def texts() -> Part:
    """What the county says of itself."""
    text = (CONTENT / "texts.json").read_text(encoding="utf-8")
    found: Part = json.loads(text, object_hook=lambda found: Part(**found))
    return found
