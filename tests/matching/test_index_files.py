"""The index on disk: mapped, exact, and never half-written whatever kills the writer."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

from matcher.matching import Index, Need, open_index, propose, shipped_lexicon, shipped_weights
from tests.matching.test_scores import HOT_CABLE, ROSTER, WELDER


def saved(folder: Path, *people, sequence: int = 1) -> Index:
    index = Index.build(people, shipped_lexicon(), shipped_weights(), sequence=sequence)
    index.save(folder)
    return index


def test_a_saved_index_answers_as_the_one_in_memory(tmp_path: Path) -> None:
    kept = saved(tmp_path, *ROSTER)
    opened = open_index(tmp_path, shipped_lexicon())
    assert opened is not None
    for need in (HOT_CABLE, Need("x", "焊缝有裂纹"), Need("y", "")):
        assert propose(need, opened, limit=5) == propose(need, kept, limit=5)


def test_a_process_that_has_it_open_keeps_it_while_another_puts_a_new_one_in_place(tmp_path: Path) -> None:
    saved(tmp_path, *ROSTER)
    old = open_index(tmp_path, shipped_lexicon())
    saved(tmp_path, WELDER, sequence=2)
    new = open_index(tmp_path, shipped_lexicon())
    assert old is not None
    assert new is not None
    assert (len(old), old.sequence) == (len(ROSTER), 1)
    assert (len(new), new.sequence) == (1, 2)
    assert propose(HOT_CABLE, old, limit=1).matches[0].expert_id == "e1"


def test_killing_the_writer_leaves_the_old_index_in_use(tmp_path: Path) -> None:
    saved(tmp_path, *ROSTER)
    script = textwrap.dedent(
        f"""
        from pathlib import Path
        from matcher.matching import Index, Profile, shipped_lexicon, shipped_weights
        people = [Profile(str(n), trade="电焊工", profile="焊接" * 20) for n in range(300)]
        index = Index.build(people, shipped_lexicon(), shipped_weights(), sequence=2)
        print("writing", flush=True)
        while True:
            index.save(Path({str(tmp_path)!r}))
        """
    )
    writer = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    writer.stdout.readline()
    for _ in range(8):
        opened = open_index(tmp_path, shipped_lexicon())
        assert opened is not None
        assert len(opened) in (len(ROSTER), 300)
        time.sleep(0.01)
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    opened = open_index(tmp_path, shipped_lexicon())
    assert opened is not None
    assert propose(HOT_CABLE, opened, limit=1).matches


def test_an_index_of_another_lexicon_is_not_opened(tmp_path: Path) -> None:
    saved(tmp_path, *ROSTER)
    other = type(shipped_lexicon())(shipped_lexicon().competences[:-1])
    assert open_index(tmp_path, other) is None
