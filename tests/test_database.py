"""A history's file is refused untouched where it is not ours to write, and brought up to date where it is."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from dlprep import database, saving
from dlprep.errors import DlprepError
from dlprep.history import History, Unsaved
from dlprep.tables import APPLICATION, MIGRATIONS, VERSION
from tests.reviews import review


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the history lies."""
    return tmp_path / "history.db"


def saved(path: Path, count: int = 3) -> History:
    """A history with so many rows."""
    history = History(path)
    history.append([review(f"{number}") for number in range(count)])
    return history


def old(path: Path, count: int = 3) -> None:
    """A history of version 1, which knows no plans."""
    new = path.with_name("new.db")
    saved(new, count)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(MIGRATIONS[0])
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute("PRAGMA user_version = 1")
        connection.execute("ATTACH ? AS new", (str(new),))
        connection.execute("INSERT INTO reviews SELECT * FROM new.reviews")
        connection.commit()
    new.unlink()


def pragma(path: Path, name: str) -> object:
    """What SQLite says of a file."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]


# ── refused ─────────────────────────────────────────────────────────────────────────────────────────


def text(path: Path) -> None:
    """A file that is no database."""
    path.write_text("dear diary\n" * 200, encoding="utf-8")


def short(path: Path) -> None:
    """A file too short to be a database."""
    path.write_text("x", encoding="utf-8")


def damaged(path: Path) -> None:
    """A history whose every page but the first was overwritten."""
    saved(path, 200)
    with path.open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\xa5" * (path.stat().st_size - 4096))


def without_tables(path: Path) -> None:
    """A history that has lost its tables."""
    saved(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("DROP TABLE reviews; DROP TABLE plans")


def newer(path: Path) -> None:
    """A history from a dlprep to come."""
    saved(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


def without_version(path: Path) -> None:
    """A history that says of no version to be."""
    saved(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 0")


def foreign(path: Path) -> None:
    """The database of a program that does not say which."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE reviews (id)")


def of_another(path: Path) -> None:
    """The database of another program."""
    foreign(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 7")


def emptied(path: Path) -> None:
    """An empty file beside which there is a backup."""
    path.touch()
    (path.parent / "backups").mkdir()
    (path.parent / "backups" / "history-2026-01-05.db").touch()


REFUSED = [
    (text, "is not a database", "doctor"),
    (short, "is not a database", "doctor"),
    (damaged, "is damaged: ", "doctor"),
    (without_tables, "is damaged: no such table", "doctor"),
    (newer, f"is of version 99, from a newer dlprep; this one knows version {VERSION}", "update dlprep"),
    (without_version, "is damaged: it has no version", "doctor"),
    (foreign, "is a database of another program", "move it"),
    (of_another, "is a database of another program", "move it"),
    (emptied, "is empty, though there are backups", "doctor"),
]


@pytest.mark.parametrize(("make", "sentence", "hint"), REFUSED, ids=[row[0].__name__ for row in REFUSED])
def test_a_file_that_cannot_be_ours_is_refused_untouched(
    path: Path, make: Callable[[Path], None], sentence: str, hint: str
) -> None:
    """Reading and writing say what it is and what to do, and no byte changes."""
    make(path)
    before = path.read_bytes()
    for attempt in (History(path).reviews, History(path).days, lambda: History(path).append([review("new")])):
        with pytest.raises(DlprepError) as caught:
            attempt()
        assert caught.value.message.startswith(f"{path} {sentence}")
        assert hint in caught.value.hint
        assert path.read_bytes() == before
    assert not list(path.parent.glob("history.db?*"))


def test_an_empty_file_without_backups_is_a_new_history(path: Path) -> None:
    """Nothing was lost with it; and reading leaves it empty."""
    path.touch()
    assert History(path).reviews() == []
    assert path.stat().st_size == 0
    assert len(saved(path).reviews()) == 3


def folder(path: Path) -> str:
    """A folder in the place of the file."""
    path.mkdir()
    return "is a folder"


def dangling(path: Path) -> str:
    """A link to nothing."""
    path.symlink_to("gone.db")
    return "is a link to gone.db, which is not there"


def looping(path: Path) -> str:
    """A link to itself."""
    path.symlink_to(path.name)
    return "is a link that leads back to itself"


@pytest.mark.parametrize("make", [folder, dangling, looping])
def test_what_is_no_file_is_refused(path: Path, make: Callable[[Path], str]) -> None:
    """A folder and a link that leads nowhere are neither read nor replaced."""
    sentence = make(path)
    for attempt in (History(path).reviews, lambda: History(path).append([review()])):
        with pytest.raises(DlprepError, match=sentence):
            attempt()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_link_to_a_history_is_followed(path: Path) -> None:
    """Who keeps the file elsewhere may."""
    saved(path.with_name("real.db"))
    path.symlink_to("real.db")
    assert len(saved(path, 5).reviews()) == 5
    assert path.is_symlink()


# ── locked, unwritable ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits for no lock."""
    monkeypatch.setattr(saving, "PATIENCE", 0.05)


@pytest.fixture
def locked(path: Path) -> Iterator[Path]:
    """A history that another program has locked."""
    saved(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield path


@pytest.mark.usefixtures("impatient")
def test_a_locked_history_is_said_to_be_locked(locked: Path) -> None:
    """Reading fails; what could not be written can be tried again later."""
    with pytest.raises(DlprepError, match=r"was locked for more than 0\.05 s\n.*another dlprep") as caught:
        History(locked).reviews()
    assert not isinstance(caught.value, Unsaved)
    with pytest.raises(Unsaved, match="was locked"):
        History(locked).append([review("new")])


def test_where_no_folder_can_be_made_nothing_is_saved() -> None:
    """There is nothing to read either, and that is no error."""
    history = History(Path("/dev/null/x/history.db"))
    assert history.reviews() == []
    with pytest.raises(Unsaved, match=r"/dev/null/x/history\.db cannot be written: "):
        history.append([review()])


# Gives up root's rights where it has them, then reads and writes.
POWERLESS = """
import os, sys
from pathlib import Path
from dlprep.errors import DlprepError
from dlprep.history import History, Unsaved
from dlprep.tables import APPLICATION, MIGRATIONS, VERSION
from tests.reviews import review
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
history = History(Path(sys.argv[1]))
try:
    print(len(history.reviews()))
    history.append([review("new")])
except Unsaved as error:
    print("Unsaved", error.message)
"""


@pytest.fixture
def readonly(tmp_path: Path) -> Iterator[Path]:
    """A folder in which nobody may write."""
    for parent in (tmp_path, *tmp_path.parents):
        if parent.owner() != tmp_path.owner() or len(parent.parts) < 3:
            break
        parent.chmod(parent.stat().st_mode | 0o011)  # others may pass
    made = tmp_path / "readonly"
    made.mkdir()
    yield made
    made.chmod(0o700)


def powerless(path: Path) -> list[str]:
    """What one without rights comes to."""
    path.chmod(0o444)
    path.parent.chmod(0o555)
    command = [sys.executable, "-c", POWERLESS, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def test_a_read_only_history_is_read(readonly: Path) -> None:
    """Its rows are there, and what is new is not saved."""
    path = readonly / "history.db"
    saved(path)
    assert powerless(path) == ["3", f"Unsaved {path} cannot be written: it is read-only"]


def test_an_older_history_in_a_read_only_place_is_a_clear_error(readonly: Path) -> None:
    """Reading it would need to change it."""
    path = readonly / "history.db"
    old(path)
    before = path.read_bytes()
    assert powerless(path) == [f"Unsaved {path} cannot be brought up to date: Permission denied"]
    assert path.read_bytes() == before


# Appends a large answer while no file may grow beyond so many bytes.
FULL = """
import resource, signal, sys
from pathlib import Path
from dlprep.history import History, Unsaved
from dlprep.tables import APPLICATION, MIGRATIONS, VERSION
from tests.reviews import review
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
size = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
try:
    History(Path(sys.argv[1])).append([review("new")._replace(reply="x" * 90_000)])
except Unsaved as error:
    print(error.message)
"""


@pytest.mark.parametrize("spare", [0, 4096, 40_000])
def test_a_full_disk_keeps_what_was_saved(path: Path, spare: int) -> None:
    """The answer is not saved, the earlier ones are, and the file is whole."""
    saved(path)
    command = [sys.executable, "-c", FULL, str(path), str(path.stat().st_size + spare)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said == f"{path} cannot be written: the disk failed or is full\n"
    assert len(History(path).reviews()) == 3
    assert pragma(path, "integrity_check") == "ok"


# ── bringing up to date ─────────────────────────────────────────────────────────────────────────────


def test_an_older_history_is_backed_up_and_brought_up_to_date(path: Path) -> None:
    """Reading is enough; every row is kept, in the history and in the backup."""
    old(path)
    history = History(path)
    assert len(history.reviews()) == 3
    assert history.plans() == []
    assert pragma(path, "user_version") == VERSION
    (backup,) = (path.parent / "backups").iterdir()
    assert backup.name.startswith(f"history-before-v{VERSION}-20")
    assert pragma(backup, "user_version") == 1
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("SELECT count(*) FROM reviews").fetchone() == (3,)


def test_a_new_history_has_nothing_to_back_up(path: Path) -> None:
    """The scripts ran from the first."""
    saved(path)
    assert pragma(path, "user_version") == VERSION
    assert pragma(path, "application_id") == APPLICATION
    assert not (path.parent / "backups").exists()


def test_a_script_that_fails_leaves_the_history_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scripts are one transaction."""
    old(path)
    monkeypatch.setattr(database, "MIGRATIONS", (MIGRATIONS[0], MIGRATIONS[1] + "; DROP TABLE nothing"))
    with pytest.raises(DlprepError):
        History(path).reviews()
    assert pragma(path, "user_version") == 1
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master WHERE name = 'plans'").fetchall() == []


# Stops for ever where a script says pause(), after saying so. SQLite may keep no more than a page to itself.
PAUSING = """
import sys
from pathlib import Path
from dlprep import database
from dlprep.history import History
def pause():
    print("here", flush=True)
    sys.stdin.read()
def connect(path, plain=database._connect):
    connection = plain(path)
    connection.create_function("pause", 0, pause)
    connection.execute("PRAGMA cache_size = 1")
    return connection
database._connect = connect
database.MIGRATIONS = (database.MIGRATIONS[0], sys.argv[2])
History(Path(sys.argv[1])).reviews()
"""
PAUSE = "; SELECT pause(); "
REWRITE = "; UPDATE reviews SET reply = id"
GROW = "CREATE TABLE big AS SELECT a.reply, b.id FROM reviews AS a, reviews AS b"


@pytest.mark.parametrize(
    "script",
    [
        PAUSE + MIGRATIONS[1],
        MIGRATIONS[1] + PAUSE,
        GROW + REWRITE + PAUSE + MIGRATIONS[1],
        MIGRATIONS[1] + ";" + GROW + "; CREATE INDEX more ON big (id)" + PAUSE,
    ],
    ids=["before", "after", "amid", "amid the next"],
)
def test_a_kill_while_bringing_up_to_date_loses_nothing(path: Path, script: str) -> None:
    """The old version is intact, with its backup, and the next start brings it up to date."""
    old(path, 100)
    command = [sys.executable, "-c", PAUSING, str(path), script]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        assert child.stdout.readline() == "here\n"
        child.kill()
    assert list((path.parent / "backups").glob("*.db"))
    copy = path.with_name("copy.db")
    shutil.copy(path, copy)
    if (journal := path.with_name("history.db-journal")).exists():
        shutil.copy(journal, path.with_name("copy.db-journal"))
    assert pragma(copy, "user_version") == 1  # SQLite took back what the killed one had written
    assert [row.reply for row in History(path).reviews()] == ["{}"] * 100
    assert pragma(path, "integrity_check") == "ok"
    assert pragma(path, "user_version") == VERSION
