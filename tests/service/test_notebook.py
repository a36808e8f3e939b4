"""The notebook of the docs, run on an export: it comes to the counts and positions of the board."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from callbridge.service import board as boards
from callbridge.service import exporting
from callbridge.service.answers import report
from tests.service.setting import Service
from tests.service.test_board import talk
from tests.source import ROOT

NOTEBOOK = ROOT / "docs" / "board.ipynb"


def run(folder: Path, today: str, patch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Run every cell in order, as a notebook does; return what it leaves."""
    patch.setenv("EXPORT", str(folder))
    patch.setenv("TODAY", today)
    left: dict[str, Any] = {}
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            source = "".join(cell["source"])
            exec(compile(source, f"{NOTEBOOK.name} {cell['id']}", "exec"), left)
    return left


def test_the_notebook_redraws_the_board(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk(service, 1, "1", "2")
    corrected, target = talk(service, 2, "1", "3")
    report(service.ctx, corrected, leg=1, question="position", meaning="leans-supports")
    service.clock.forward(days=9)
    talk(service, 1, "1", "2")  # the same supporter on another day counts again
    talk(service, 3, "1", "5")
    exporting.export(service.ctx, "water", format="csv", folder=tmp_path)
    left = run(tmp_path, f"{service.clock.now():%Y-%m-%d}", monkeypatch)
    drawn = left["board"].reset_index().set_index("target")
    rows = [boards.as_json(row) for row in boards.board(service.ctx, "water").rows]
    (shown,) = [row for row in rows if row["n"]]
    assert (shown["target"], shown["n"]) == (target, 3)
    assert list(drawn.index) == [target]
    one = drawn.loc[target]
    counts = {name: int(one[name]) for name in (*left["SCALE"], "would-not-say") if one[name]}
    assert counts == shown["answers"]
    assert (int(one["n"]), one["position"]) == (shown["n"], shown["position"])
    assert one["probability"] == pytest.approx(shown["probability"], abs=1e-5)
    layers = left["chart"].to_dict()["layer"]
    assert {layer["mark"]["type"] for layer in layers} == {"bar", "text"}
