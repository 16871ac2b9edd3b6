"""Finding banks: the shipped folder, then DLPREP_BANKS, then the user's own, then those named by hand."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from dlprep import cache
from dlprep.bank import Listed, Question, Topic
from dlprep.cache import Packed
from dlprep.errors import DlprepError, Problem, Where, meant

BANKS = "DLPREP_BANKS"  # folders, separated as in PATH
HOME = "DLPREP_HOME"  # the user's data folder
ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Library:
    """The index of every topic that was found, the files it comes from, and the problems in those files.

    The texts of the questions are in memory and opened one by one: what becomes of a file after it was found
    changes nothing here.
    """

    packed: Mapping[str, Packed]
    files: tuple[Path, ...]
    problems: tuple[Problem, ...]

    @property
    def topics(self) -> tuple[Listed, ...]:
        """Every topic as the index has it."""
        return tuple(packed.listed for packed in self.packed.values())

    def listed(self, name: str) -> Listed:
        """The topic of that name, without the texts of its questions.

        Raises:
            DlprepError: there is none.
        """
        return self._packed(name).listed

    def topic(self, name: str) -> Topic:
        """The topic of that name with all its questions.

        Raises:
            DlprepError: there is none.
        """
        packed = self._packed(name)
        questions = tuple(_opened(packed, place) for place in range(len(packed.texts)))
        return Topic(name, packed.listed.title, packed.listed.summary, questions, packed.listed.asked)

    def question(self, name: str) -> Question:
        """The question `topic/id`; no other is opened.

        Raises:
            DlprepError: there is none.
        """
        topic, _, wanted = name.partition("/")
        packed = self._packed(topic)
        for place, entry in enumerate(packed.listed.entries):
            if entry.id == wanted:
                return _opened(packed, place)
        hint = meant(name, [entry.name for entry in packed.listed.entries])
        raise DlprepError(f"there is no question {name!r}", hint=hint)

    def _packed(self, name: str) -> Packed:
        if name not in self.packed:
            raise DlprepError(f"there is no topic {name!r}", hint=meant(name, list(self.packed)))
        return self.packed[name]


class Banks(NamedTuple):
    """Whole topics, the files they were read from, and the problems in those files."""

    topics: tuple[Topic, ...]
    files: tuple[Path, ...]
    problems: tuple[Problem, ...]


def shipped() -> Path:
    """The folder of the banks that come with dlprep: in the package, else beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / "questions"
    return inside if inside.is_dir() else package.parent / "questions"


def home() -> Path:
    """The user's data folder: DLPREP_HOME, else where this system keeps such things."""
    named = os.environ.get(HOME)
    if named:
        return _expanded(named, HOME)
    from platformdirs import user_data_path

    return _absolute(user_data_path("dlprep", appauthor=False), ".local/share")


def _expanded(named: str, variable: str) -> Path:
    """A folder named in an environment variable, with ~ taken for the home it stands for."""
    try:
        return Path(named).expanduser()
    except RuntimeError:
        message = f"the home that {named} in {variable} means is not known"
        raise DlprepError(message, hint=f"correct or unset {variable}") from None


def cache_folder() -> Path:
    """Where what can be made again is kept: below DLPREP_HOME, else where this system keeps such things."""
    if os.environ.get(HOME):
        return home() / "cache"
    from platformdirs import user_cache_path

    return _absolute(user_cache_path("dlprep", appauthor=False), ".cache")


def _absolute(place: Path, usual: str) -> Path:
    """`place`, but for a relative one, which comes of a relative XDG variable and does not count."""
    if place.is_absolute():
        return place
    home = Path("~").expanduser()
    if not home.is_absolute():
        raise DlprepError("your home folder is not known", hint=f"set HOME, or {HOME} to a folder for dlprep")
    return home / usual / "dlprep"


def folders() -> list[Path]:
    """Every folder that holds banks, in the order in which they are read.

    Raises:
        DlprepError: a folder in DLPREP_BANKS is not there.
    """
    named = [_expanded(part, BANKS) for part in os.environ.get(BANKS, "").split(os.pathsep) if part]
    for folder in named:
        if not folder.is_dir():
            raise DlprepError(f"{folder} in {BANKS} is not a folder", hint=f"correct or unset {BANKS}")
    own = home() / "questions"
    return [shipped(), *named, *([own] if own.is_dir() else [])]


def bank_files(path: Path) -> list[Path]:
    """The bank files of a folder in the order of their names, or the one file that `path` is.

    Raises:
        DlprepError: it is neither, or a folder without banks.
    """
    if path.is_dir():
        found = _inside(path)
        if not found:
            raise DlprepError(
                f"{path} holds no bank", hint="a bank is a .yaml file; `dlprep new TOPIC` writes one"
            )
        return found
    if not path.exists():
        raise DlprepError(f"{path} does not exist", hint="name a bank file, or a folder that holds some")
    return [path]


def known_files() -> list[Path]:
    """The bank files of every known folder; one without banks adds none.

    Raises:
        DlprepError: a folder in DLPREP_BANKS is not there.
    """
    return [file for folder in folders() for file in _inside(folder)]


def find(extra: Sequence[Path] = (), *, keep: bool = True) -> Library:
    """Every bank of the known folders, then the extra files or folders; to `keep` makes the next time faster.

    Raises:
        DlprepError: a path cannot be used, or no bank can be.
    """
    files = known_files()
    for path in extra:
        files += bank_files(path)
    unique = _unique(files)
    library = _joined(cache.read_all(_shown(unique), _read, cache_folder(), keep=keep), unique)
    if not library.packed:
        raise DlprepError(
            "no bank could be read", hint="`dlprep check` says what is wrong; `dlprep new` writes one"
        )
    return library


def read_files(files: Iterable[Path]) -> Banks:
    """The banks in these files as they stand there now, joined by topic; a file named twice is read once."""
    unique = _unique(files)
    library = _joined([cache.kept(_read(*one)) for one in _shown(unique)], unique)
    return Banks(tuple(map(library.topic, library.packed)), library.files, library.problems)


def display(path: Path) -> str:
    """A path as people would type it from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def _inside(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.suffix in ENDINGS and file.is_file())


def _read(name: str, file: Path) -> cache.Bank:
    """The bank in a file, or why it cannot be read; of one that is too large only enough to see that."""
    from dlprep import reader, yamltext

    try:
        with file.open("rb") as stream:
            data = stream.read(yamltext.MAX_BYTES + 1)
    except OSError as error:
        message = f"the file cannot be read: {error.strerror}"
        return None, [Problem("file", message, Where(name), "check its rights")]
    return reader.read(data, name, file.stem)


def _unique(files: Iterable[Path]) -> list[Path]:
    return list(dict.fromkeys(file.resolve() for file in files))


def _shown(files: Iterable[Path]) -> list[tuple[str, Path]]:
    return [(display(file), file) for file in files]


def _joined(banks: Iterable[cache.Kept], files: Sequence[Path]) -> Library:
    """The banks joined by topic."""
    topics: dict[str, Packed] = {}
    problems: list[Problem] = []
    for topic, found in banks:
        problems += found
        if topic:
            name = topic.listed.name
            topics[name] = _extended(topics[name], topic, problems) if name in topics else topic
    return Library(topics, tuple(files), tuple(problems))


def _extended(old: Packed, new: Packed, problems: list[Problem]) -> Packed:
    """One topic of two files; of two questions with one id the first is kept and the second reported."""
    first = {entry.id: place for place, entry in enumerate(old.listed.entries)}
    added = []
    for place, entry in enumerate(new.listed.entries):
        if entry.id in first:
            message = f"the id `{entry.name}` is used in two banks"
            hint = f"first at {_opened(old, first[entry.id]).where}"
            problems.append(Problem("duplicate-id", message, _opened(new, place).where, hint))
        else:
            added.append(place)
    entries = (*old.listed.entries, *(new.listed.entries[place] for place in added))
    texts = (*old.texts, *(new.texts[place] for place in added))
    return Packed(old.listed._replace(entries=entries), texts)


def _opened(packed: Packed, place: int) -> Question:
    try:
        return packed.question(place)
    except ValueError:
        file = display(cache_folder() / cache.NAME)
        message = f"{file} was not written by dlprep"
        raise DlprepError(message, hint="delete it, and the banks are read again") from None
