"""Which engine this is: a score is recomputed exactly only by the engine that gave it."""

from functools import cache
from hashlib import sha256
from importlib import resources

#: Files that take no part in a score.
_BESIDE = ("__main__.py", "evaluation.py", "files.py", "fitting.py", "calibration.py", "version.py")
#: Data that does; lexicon and weights have versions of their own.
_DATA = ("divisions.csv", "quiet_needs.txt", "quiet_records.txt", "traditional.txt")


@cache
def engine_version() -> str:
    """Twelve letters that change with every change of the code or of its word lists."""
    home = resources.files(__package__)
    code = [one for one in home.iterdir() if one.name.endswith(".py") and one.name not in _BESIDE]
    files = [*sorted(code, key=lambda one: one.name), *(home.joinpath("data", name) for name in _DATA)]
    return sha256(b"\0".join(one.read_bytes() for one in files)).hexdigest()[:12]
