"""What every test starts from."""

from __future__ import annotations

from itertools import count

import pytest

NUMBERS = count()


@pytest.fixture(autouse=True)
def no_history(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home of its own, made when something is written to it: no test ever sees the user's."""
    home = tmp_path_factory.getbasetemp() / f"home-{next(NUMBERS)}"
    monkeypatch.setenv("DLPREP_HOME", str(home))
