"""The engine on files, without web and database: python -m matcher.matching rank|explain|split|fit|calibrate …"""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from matcher.matching.calibration import reliability
from matcher.matching.evaluation import Trial, difference, figures, trials_of
from matcher.matching.files import need_of, profile_of, read_lines, write_lines
from matcher.matching.fitting import cross_validate, fit, scores_by
from matcher.matching.index import Index
from matcher.matching.lexicon import Lexicon, read_lexicon, shipped_lexicon
from matcher.matching.ranking import propose, rank
from matcher.matching.splitting import split
from matcher.matching.types import Need
from matcher.matching.weights import FITTED, shipped_weights

SHORTLIST = 10


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code says whether it went well."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], None] = options.run
    run(options)
    return 0


def _rank(options: argparse.Namespace) -> None:
    index = _index(options)
    needs = [need_of(row) for row in read_lines(options.cases)]
    write_lines(options.out, ({"case": need.id, "ranking": rank(need, index, limit=SHORTLIST)} for need in needs))
    print(f"{len(needs)} cases ranked among {len(index)} experts: {options.out}")


def _explain(options: argparse.Namespace) -> None:
    need = Need("1", options.text, options.title, options.industry)
    _show(asdict(propose(need, _index(options), limit=options.limit)))


def _split(options: argparse.Namespace) -> None:
    for line in options.file:
        text = line.rstrip("\n")
        print(json.dumps([text[start:end] for start, end in split(text)], ensure_ascii=False))


def _fit(options: argparse.Namespace) -> None:
    fitted = fit(_trials(options), version=options.version)
    options.out.write_text(json.dumps(fitted.as_dict(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    _show(fitted.as_dict())


def _trials(options: argparse.Namespace) -> list[Trial]:
    """The cases read with each of the lexicons."""
    if len(options.lexicon or ()) < 2:
        return trials_of(read_lines(options.cases), _index(options))
    return [
        replace(trial, id=f"{trial.id}@{number}")
        for number, lexicon in enumerate(options.lexicon, 1)
        for trial in trials_of(read_lines(options.cases), _index(options, lexicon))
    ]


def _calibrate(options: argparse.Namespace) -> None:
    trials = trials_of(read_lines(options.cases), _index(options))
    _show(reliability(trials, cross_validate(trials)))


def _ablate(options: argparse.Namespace) -> None:
    """Each part left out and each part alone, cross-validated, with paired differences to all of them."""
    trials = trials_of(read_lines(options.cases), _index(options))
    whole = cross_validate(trials)
    rows: dict[str, Any] = {"all": figures(trials, whole)}
    rows["shipped"] = figures(trials, scores_by(trials, shipped_weights().points))
    for place, name in enumerate(FITTED):
        others = [one for one in range(len(FITTED)) if one != place]
        for label, used in ((f"without {name}", others), (f"{name} alone", [place])):
            scores = cross_validate(trials, used=used)
            rows[label] = {"figures": figures(trials, scores), "difference": difference(trials, scores, whole)}
    _show(rows)


def _index(options: argparse.Namespace, path: Path | None = None) -> Index:
    path = path or next(iter(options.lexicon or ()), None)
    lexicon: Lexicon = read_lexicon(read_lines(path)) if path else shipped_lexicon()
    return Index.build(map(profile_of, read_lines(options.roster)), lexicon, shipped_weights())


def _show(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m matcher.matching", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    for name, run, told, options in _COMMANDS:
        command = commands.add_parser(name, help=told)
        command.set_defaults(run=run)
        for option in options:
            command.add_argument(option if option == "file" else f"--{option}", **_OPTIONS[option])
    return parser


_COMMANDS: tuple[tuple[str, Callable[[argparse.Namespace], None], str, tuple[str, ...]], ...] = (
    ("rank", _rank, "the ten best experts for each case", ("roster", "cases", "out", "lexicon")),
    (
        "explain",
        _explain,
        "proposals for one text, with reasons",
        ("roster", "title", "text", "industry", "limit", "lexicon"),
    ),
    ("split", _split, "each line of a file into problems", ("file",)),
    ("fit", _fit, "fit the weights on graded cases", ("roster", "cases", "version", "weights", "lexicon")),
    ("calibrate", _calibrate, "Brier score and calibration error", ("roster", "cases", "lexicon")),
    ("ablate", _ablate, "each part left out, with intervals", ("roster", "cases", "lexicon")),
)
_OPTIONS: dict[str, dict[str, Any]] = {
    "roster": {"type": Path, "required": True, "help": "experts, one JSON object a line"},
    "cases": {"type": Path, "required": True, "help": "cases, one JSON object a line"},
    "out": {"type": Path, "required": True, "help": "where the answer is written"},
    "weights": {"type": Path, "required": True, "dest": "out", "help": "where the weights are written"},
    "lexicon": {
        "type": Path,
        "action": "append",
        "help": "another competences.jsonl than the shipped one; fit takes several",
    },
    "version": {"default": "fitted", "help": "the name of these weights"},
    "title": {"default": ""},
    "text": {"required": True},
    "industry": {"default": "", "help": "a GB/T 4754 division, its code or name"},
    "limit": {"type": int, "default": 3},
    "file": {"type": argparse.FileType(encoding="utf-8"), "nargs": "?", "default": sys.stdin},
}

if __name__ == "__main__":
    sys.exit(main())
