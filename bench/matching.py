"""Speed and memory of the engine on made-up rosters, beside RapidFuzz over whole texts and SQLite's FTS5.

`make bench` asks 30, 3,000 and 30,000 experts, `make bench-large` a million. Engine only: proposals with reasons
for problems of 120 characters. The process that answers only opens the saved index, as a web worker does.
"""

import argparse
import multiprocessing
import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
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
LENGTH = 120
#: Processes that read records, one per core.
PROCESSES = os.cpu_count() or 1
SHORTLIST = 5
NEAREST = "SELECT rowid FROM experts WHERE experts MATCH ? ORDER BY bm25(experts) LIMIT 5"
EMPLOYERS = ("示例机械厂", "示例纺织厂", "示例化工厂", "示例电气公司", "示例农场")


def main() -> int:
    """Build, ask, change one, print a row per size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="a million experts")
    sizes = LARGE if parser.parse_args().large else SIZES
    print(
        f"{'experts':>9} {'build s':>8} {'p50 ms':>7} {'p99 ms':>7} {'RSS MB':>7} {'mapped':>7} {'change ms':>9}"
        f" {'RapidFuzz':>10} {'FTS5':>8}"
    )
    for size in sizes:
        _row(size)
    return 0


def _row(size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        built = _in_process(_build, size, folder)
        asked = _in_process(_ask, size, folder)
        rivals = _in_process(_rivals, size) if size <= max(SIZES) else {"fuzz": float("nan"), "fts": float("nan")}
    print(
        f"{size:9,d} {built['seconds']:8.1f} {asked['p50']:7.1f} {asked['p99']:7.1f} {asked['rss']:7.0f} "
        f"{asked['mapped']:7.0f} {asked['change']:9.2f} {rivals['fuzz']:10.1f} {rivals['fts']:8.1f}",
        flush=True,
    )


def _in_process(work: Callable[..., dict[str, float]], *arguments: Any) -> dict[str, float]:
    """In a process of its own, so that one measurement leaves nothing behind for the next."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _build(size: int, folder: str) -> dict[str, float]:
    profiles = list(roster(size))
    started = time.perf_counter()
    Index.build(profiles, shipped_lexicon(), shipped_weights(), processes=PROCESSES).save(Path(folder))
    return {"seconds": time.perf_counter() - started}


def _ask(size: int, folder: str) -> dict[str, float]:
    index = open_index(Path(folder), shipped_lexicon())
    if index is None:
        raise RuntimeError("the index was not saved")
    needs = problems(ROUNDS + WARM)
    times = []
    for number, need in enumerate(needs):
        started = time.perf_counter()
        propose(need, index, limit=SHORTLIST)
        if number >= WARM:
            times.append((time.perf_counter() - started) * 1000)
    changed = next(roster(1, seed=7))
    started = time.perf_counter()
    index.with_changes([changed])
    change = (time.perf_counter() - started) * 1000
    p50, p99 = np.percentile(times, (50, 99))
    return {"p50": p50, "p99": p99, "change": change, **_memory()}


def _rivals(size: int) -> dict[str, float]:
    texts = [_text(profile) for profile in roster(size)]
    needs = [need.text for need in problems(5)]
    started = time.perf_counter()
    for text in needs:
        process.extract(text, texts, scorer=fuzz.WRatio, limit=SHORTLIST)
    by_fuzz = (time.perf_counter() - started) * 1000 / len(needs)
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE experts USING fts5(words)")
    base.executemany("INSERT INTO experts VALUES (?)", [(_bigrams(text),) for text in texts])
    started = time.perf_counter()
    for text in needs:
        asked = " OR ".join(f'"{pair}"' for pair in dict.fromkeys(_bigrams(text).split()))
        base.execute(NEAREST, (asked,)).fetchall()
    by_fts = (time.perf_counter() - started) * 1000 / len(needs)
    base.close()
    return {"fuzz": by_fuzz, "fts": by_fts}


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
