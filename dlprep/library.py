"""Finding banks: the shipped folder, then DLPREP_BANKS, then the user's own, then those named by hand."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dlprep import cache
from dlprep.bank import Question, Topic
from dlprep.errors import DlprepError, Problem, Where, meant

BANKS = "DLPREP_BANKS"  # folders, separated as in PATH
HOME = "DLPREP_HOME"  # the user's data folder
ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Library:
    """Every topic that was found, the files they were read from, and the problems in those files."""

    topics: tuple[Topic, ...]
    files: tuple[Path, ...]
    problems: tuple[Problem, ...]

    def topic(self, name: str) -> Topic:
        """The topic of that name.

        Raises:
            DlprepError: there is none.
        """
        for topic in self.topics:
            if topic.name == name:
                return topic
        raise DlprepError(f"there is no topic {name!r}", hint=meant(name, [t.name for t in self.topics]))

    def question(self, name: str) -> Question:
        """The question `topic/id`.

        Raises:
            DlprepError: there is none.
        """
        topic = self.topic(name.partition("/")[0])
        for question in topic.questions:
            if question.name == name:
                return question
        hint = meant(name, [q.name for q in topic.questions])
        raise DlprepError(f"there is no question {name!r}", hint=hint)


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

    return user_data_path("dlprep", appauthor=False)


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

    return user_cache_path("dlprep", appauthor=False)


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


def find(extra: Sequence[Path] = ()) -> Library:
    """Every bank of the known folders, then the extra files or folders.

    Raises:
        DlprepError: a path cannot be used, or no bank can be.
    """
    files = known_files()
    for path in extra:
        files += bank_files(path)
    library = read_files(files, cached=True)
    if not library.topics:
        raise DlprepError(
            "no bank could be read", hint="`dlprep check` says what is wrong; `dlprep new` writes one"
        )
    return library


def read_files(files: Iterable[Path], *, cached: bool = False) -> Library:
    """The banks in these files, joined by topic; a file named twice is read once."""
    topics: dict[str, Topic] = {}
    problems: list[Problem] = []
    unique = list(dict.fromkeys(file.resolve() for file in files))
    named = [(display(file), file) for file in unique]
    banks = cache.read_all(named, _read, cache_folder()) if cached else [_read(*one) for one in named]
    for topic, found in banks:
        problems += found
        if topic:
            old = topics.get(topic.name)
            topics[topic.name] = _joined(old, topic, problems) if old else topic
    return Library(tuple(topics.values()), tuple(unique), tuple(problems))


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


def _joined(old: Topic, new: Topic, problems: list[Problem]) -> Topic:
    """One topic of two files; of two questions with one id the first is kept and the second reported."""
    first = {question.id: question for question in old.questions}
    added = []
    for question in new.questions:
        if question.id in first:
            message = f"the id `{question.name}` is used in two banks"
            problems.append(
                Problem("duplicate-id", message, question.where, f"first at {first[question.id].where}")
            )
        else:
            added.append(question)
    return replace(old, questions=(*old.questions, *added))
