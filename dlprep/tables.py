"""The tables of the history, as a script for each version. They are all written here and nowhere else."""

from __future__ import annotations

import sqlite3

APPLICATION = 0x646C7072  # "dlpr", by which the file is known to be ours
_STRICT = "STRICT" if sqlite3.sqlite_version_info >= (3, 37) else ""
# Script k brings version k to k + 1. A script that was ever released never changes.
MIGRATIONS: tuple[str, ...] = (
    f"""
    CREATE TABLE reviews (
        id TEXT PRIMARY KEY NOT NULL,
        at INTEGER NOT NULL CHECK (at BETWEEN 0 AND 7289654399999999),
        "offset" INTEGER NOT NULL CHECK ("offset" BETWEEN -1560 AND 1560),
        day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
        question TEXT NOT NULL,
        kind TEXT NOT NULL,
        seed INTEGER NOT NULL,
        reply TEXT NOT NULL CHECK (length(CAST(reply AS BLOB)) <= 100000),
        "right" INTEGER NOT NULL CHECK ("right" IN (0, 1)),
        share REAL NOT NULL CHECK (share BETWEEN 0 AND 1),
        rating INTEGER CHECK (rating BETWEEN 1 AND 4),
        seconds REAL NOT NULL CHECK (seconds BETWEEN 0 AND 1e9),
        replaces TEXT
    ) {_STRICT};
    CREATE INDEX reviews_by_question ON reviews (question);
    CREATE INDEX reviews_by_day ON reviews (day, at, "offset", "right", seconds) WHERE rating IS NOT NULL;
    CREATE INDEX reviews_replacing ON reviews (replaces) WHERE replaces IS NOT NULL;
    """,
    f"""
    CREATE TABLE plans (
        id TEXT PRIMARY KEY NOT NULL,
        at INTEGER NOT NULL CHECK (at BETWEEN 0 AND 7289654399999999),
        "offset" INTEGER NOT NULL CHECK ("offset" BETWEEN -1560 AND 1560),
        day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
        date TEXT,
        minutes INTEGER CHECK (minutes BETWEEN 0 AND 1440)
    ) {_STRICT};
    """,
)
VERSION = len(MIGRATIONS)
