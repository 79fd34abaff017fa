"""Speed and memory of the engine on made-up rosters, beside RapidFuzz over whole texts and SQLite's FTS5.

`make bench` asks 30, 3,000 and 30,000 experts, `make bench-large` a million. Engine only: proposals with reasons
for problems of 120 characters. The process that answers only opens the saved index, as a web worker does. Then
experts change one after the other, and it is asked again.
"""

import argparse
import multiprocessing
import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

from matcher.matching import (
    Competence,
    Index,
    Need,
    Profile,
    SkillText,
    open_index,
    propose,
    shipped_lexicon,
    shipped_weights,
)

SIZES, LARGE = (30, 3_000, 30_000), (1_000_000,)
ROUNDS, WARM = 200, 30
#: Experts that change, one after the other.
CHANGES = 200
#: How often RapidFuzz and FTS5 are asked, from a roster of which size on: they take long.
RIVAL_ROUNDS = {0: 200, 3_000: 50, 30_000: 20, 1_000_000: 3}
LENGTH = 120
#: Processes that read records, one per core.
PROCESSES = os.cpu_count() or 1
SHORTLIST = 5
NEAREST = "SELECT rowid FROM experts WHERE experts MATCH ? ORDER BY bm25(experts) LIMIT 5"
#: What is printed: name, width, form.
COLUMNS = (
    ("experts", 10, "{experts:,.0f}"),
    ("build", 8, "{build:.1f}"),
    ("RSS", 8, "{rss:,.0f}"),
    ("mapped", 8, "{mapped:,.0f}"),
    ("asked", 14, "{asked_p50:.1f} {asked_p99:.1f}"),
    ("one change", 14, "{change_p50:.2f} {change_p99:.2f}"),
    ("asked then", 14, "{then_p50:.1f} {then_p99:.1f}"),
    ("RapidFuzz", 22, "{fuzz_p50:,.1f} {fuzz_p99:,.1f}"),
    ("FTS5", 18, "{fts_p50:,.1f} {fts_p99:,.1f}"),
)
EMPLOYERS = ("示例机械厂", "示例纺织厂", "示例化工厂", "示例电气公司", "示例农场")


def main() -> int:
    """Build, ask, change one, print a row per size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="a million experts")
    sizes = LARGE if parser.parse_args().large else SIZES
    print("build in s, memory in MB, all else in ms; two numbers are p50 and p99")
    print("".join(f"{name:>{width}}" for name, width, _ in COLUMNS))
    for size in sizes:
        _row(size)
    return 0


def _row(size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = {"experts": float(size), **_in_process(_build, size, folder), **_in_process(_ask, size, folder)}
    found |= _in_process(_rivals, size)
    print("".join(f"{form.format(**found):>{width}}" for _, width, form in COLUMNS), flush=True)


def _in_process(work: Callable[..., dict[str, float]], *arguments: Any) -> dict[str, float]:
    """In a process of its own, so that one measurement leaves nothing behind for the next."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _build(size: int, folder: str) -> dict[str, float]:
    profiles = list(roster(size))
    started = time.perf_counter()
    Index.build(profiles, shipped_lexicon(), shipped_weights(), processes=PROCESSES).save(Path(folder))
    return {"build": time.perf_counter() - started}


def _ask(size: int, folder: str) -> dict[str, float]:
    index = open_index(Path(folder), shipped_lexicon())
    if index is None:
        raise RuntimeError("the index was not saved")
    asked, memory = _asked(index), _memory()
    changes = []
    for changed in roster(CHANGES, seed=7):
        started = time.perf_counter()
        index = index.with_changes([changed])
        changes.append((time.perf_counter() - started) * 1000)
    return {**_named("asked", asked), **_named("change", changes), **_named("then", _asked(index)), **memory}


def _asked(index: Index) -> list[float]:
    return _times(lambda need: propose(need, index, limit=SHORTLIST), problems(WARM + ROUNDS))[WARM:]


def _rivals(size: int) -> dict[str, float]:
    texts = [_text(profile) for profile in roster(size)]
    needs = problems(RIVAL_ROUNDS[max(least for least in RIVAL_ROUNDS if least <= size)])
    by_fuzz = _times(lambda need: process.extract(need.text, texts, scorer=fuzz.WRatio, limit=SHORTLIST), needs)
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE experts USING fts5(words)")
    base.executemany("INSERT INTO experts VALUES (?)", ((_bigrams(text),) for text in texts))

    def ask_base(need: Need) -> None:
        asked = " OR ".join(f'"{pair}"' for pair in dict.fromkeys(_bigrams(need.text).split()))
        base.execute(NEAREST, (asked,)).fetchall()

    by_fts = _times(ask_base, needs)
    base.close()
    return {**_named("fuzz", by_fuzz), **_named("fts", by_fts)}


def _times(work: Callable[[Need], object], needs: Iterable[Need]) -> list[float]:
    """Milliseconds for each."""
    times = []
    for need in needs:
        started = time.perf_counter()
        work(need)
        times.append((time.perf_counter() - started) * 1000)
    return times


def _named(name: str, times: list[float]) -> dict[str, float]:
    p50, p99 = np.percentile(times, (50, 99))
    return {f"{name}_p50": p50, f"{name}_p99": p99}


def roster(size: int, *, seed: int = 1) -> Iterator[Profile]:
    """Experts with a trade, a title, skill phrases and a profile out of the lexicon's words."""
    chance = random.Random(seed)
    known = [_words(competence) for competence in shipped_lexicon().competences]
    for number in range(size):
        trades, others = chance.choice(known)
        words = chance.sample(others, min(len(others), 8))
        yield Profile(
            id=f"E{number:07d}",
            employer=chance.choice(EMPLOYERS),
            title=chance.choice(("班长", "工程师", "车间主任", "高级技师")),
            trade=chance.choice(trades) if trades else words[0],
            profile=f"从事{'、'.join(words[:4])}等工作{chance.randrange(3, 30)}年，解决现场难题多项。",
            skills=tuple(SkillText(word) for word in words[4:]),
        )


def problems(count: int) -> list[Need]:
    """Problems of LENGTH characters that mix symptoms and equipment of a few competences."""
    chance = random.Random(2)
    known = [others for _trades, others in map(_words, shipped_lexicon().competences) if others]
    needs = []
    for number in range(count):
        words = [word for one in chance.sample(known, 3) for word in chance.sample(one, min(len(one), 8))]
        text = "，".join(f"{word}老是不正常" for word in words)
        needs.append(Need(str(number), text[:LENGTH]))
    return needs


def _words(competence: Competence) -> tuple[list[str], list[str]]:
    trades = list(competence.terms.get("trades", ())) or [competence.name]
    fields = ("equipment", "processes", "symptoms", "materials")
    others = [word for name in fields for word in competence.terms.get(name, ())]
    return trades, others or trades


def _text(profile: Profile) -> str:
    return " ".join(
        (profile.employer, profile.title, profile.trade, profile.profile, *(s.text for s in profile.skills))
    )


def _bigrams(text: str) -> str:
    plain = "".join(character for character in text if character.isalnum())
    return " ".join(plain[i : i + 2] for i in range(len(plain) - 1))


def _memory() -> dict[str, float]:
    """Resident megabytes, and how many of them are mapped files that processes share."""
    found = {}
    for line in Path("/proc/self/status").read_text().splitlines():
        name, _, rest = line.partition(":")
        if name in ("VmRSS", "RssFile"):
            found[name] = int(rest.split()[0]) / 1024
    return {"rss": found["VmRSS"], "mapped": found["RssFile"]}


if __name__ == "__main__":
    sys.exit(main())
