"""What every test starts from."""

from __future__ import annotations

from itertools import count

import pytest

from tests.terminal import warm

NUMBERS = count()


@pytest.fixture(autouse=True)
def no_history(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home of its own, with nothing but the shipped banks read before: no test ever sees the user's."""
    home = tmp_path_factory.getbasetemp() / f"home-{next(NUMBERS)}"
    warm(home)
    monkeypatch.setenv("DLPREP_HOME", str(home))
