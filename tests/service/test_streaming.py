"""The download: it begins at once, says what the files say, and breaks off when it must."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import insert

from callbridge.domain.selection import Selection
from callbridge.service import exporting, streaming
from callbridge.store.tables import revisions
from tests.service.setting import NOON, Service
from tests.service.test_answers import surveyed


@pytest.mark.parametrize("kind", sorted(streaming.STREAMED))
def test_what_is_streamed_is_what_the_files_say(
    service: Service, kind: str, tmp_path: Path
) -> None:
    surveyed(service)
    pieces = streaming.streamed(service.ctx, "water", format=kind, selection=Selection())
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as packed:
        assert packed.testzip() is None
        streamed = {name: packed.read(name) for name in packed.namelist()}
    done = exporting.export(service.ctx, "water", format=kind, folder=tmp_path)
    written = {f"water/{path.name}": path.read_bytes() for path in done.files}
    assert streamed.keys() == written.keys()
    # Pseudonyms are made for one export alone, and they are in two of the tables.
    named = {f"water/answers.{kind}", f"water/calls.{kind}"}
    for name, body in streamed.items():
        if name not in named:
            assert body == written[name]
        assert body.count(b"\n") == written[name].count(b"\n") > 0


def test_the_first_bytes_come_before_the_rows_and_a_broken_download_has_no_end(
    service: Service,
) -> None:
    surveyed(service)
    with service.database.writing() as unit:
        # A revision whose documents are lost: the last table cannot be told.
        lost = {"digest": "f" * 64, "slug": "water", "published": NOON}
        unit.connection.execute(insert(revisions).values(lost))
    pieces = streaming.streamed(service.ctx, "water", format="csv", selection=Selection())
    sent = [next(pieces)]
    assert b"codebook.md" in sent[0]
    with pytest.raises(KeyError):
        sent.extend(pieces)
    assert not zipfile.is_zipfile(io.BytesIO(b"".join(sent)))
