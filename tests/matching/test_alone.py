"""The engine stands alone: no web, no database; its command line runs on plain files."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from matcher.matching.__main__ import main


def test_the_engine_drags_neither_web_nor_database_in() -> None:
    code = "import sys, matcher.matching; print([m for m in ('flask', 'sqlalchemy') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_files_that_lack_nearly_everything_are_ranked(tmp_path: Path) -> None:
    roster, cases, out = (tmp_path / name for name in ("roster.jsonl", "cases.jsonl", "out.jsonl"))
    people = [
        {"id": "E1", "trade": "维修电工"},
        {"id": "E2"},
        *({"id": f"E{n}", "profile": "焊接"} for n in range(3, 20)),
    ]
    roster.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in people), encoding="utf-8")
    asked = [
        {"id": "C1", "title": "电缆头过热", "core": "配电柜内电缆头温度偏高", "industry": "纺织业"},
        {"id": "C2", "title": "", "problem": "焊缝有裂纹", "industry": None},
    ]
    cases.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in asked), encoding="utf-8")
    assert main(["rank", "--roster", str(roster), "--cases", str(cases), "--out", str(out)]) == 0
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["case"] for row in rows] == ["C1", "C2"]
    assert all(len(row["ranking"]) == 10 for row in rows)
    assert rows[0]["ranking"][0] == "E1"


def test_a_text_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    roster = tmp_path / "roster.jsonl"
    roster.write_text(json.dumps({"id": "E1", "trade": "维修电工"}, ensure_ascii=False), encoding="utf-8")
    main(["explain", "--roster", str(roster), "--text", "电缆头温度偏高", "--limit", "1"])
    told = json.loads(capsys.readouterr().out)
    assert told["matches"][0]["expert_id"] == "E1"
    assert told["matches"][0]["parts"]
