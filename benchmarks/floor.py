"""The least a hook could cost: the same server and database, one insert, a constant document."""

from __future__ import annotations

import os

from flask import Flask, Response
from sqlalchemy import Column, Integer, MetaData, Table, Text, insert, text

from callbridge.store import Database

DOCUMENT = (
    b'<?xml version="1.0" encoding="UTF-8"?><Response><Gather numDigits="1" timeout="6" '
    b'action="http://127.0.0.1/voice/0/1"><Say voice="Polly.Joanna-Neural" language="en-US">'
    b"Hello, this is the Prairie League. You asked us to connect you with Congress about "
    b"sentencing reform. To go on, press 1. For no more calls, press 9.</Say></Gather>"
    b"<Say>Goodbye.</Say><Hangup/></Response>"
)
METADATA = MetaData()
ROWS = Table(
    "benchmark_floor", METADATA, Column("id", Integer, primary_key=True), Column("body", Text)
)

app = Flask(__name__)
database = Database(os.environ["DATABASE_URL"])
with database.writing() as unit:
    # Workers begin together, and "if it is not there" is two steps for each.
    if database.kind == "postgresql":
        unit.connection.execute(text("SELECT pg_advisory_xact_lock(1)"))
    METADATA.create_all(unit.connection)


@app.post("/<path:_anything>")
def hook(_anything: str) -> Response:
    """Do one insert and answer."""
    with database.writing() as unit:
        unit.connection.execute(insert(ROWS).values(body="1"))
    return Response(DOCUMENT, content_type="text/xml")
