"""Days as one says them."""

from __future__ import annotations

from datetime import date

from dlprep.draw import dates
from tests.reviews import DAY


def test_a_date_names_its_year_only_where_it_is_another() -> None:
    """As one says it."""
    assert dates.dated(date(2026, 12, 15), DAY) == "15 December"
    assert dates.dated(date(2027, 1, 1), DAY) == "1 January 2027"


def test_a_brief_date_always_takes_six_cells() -> None:
    """So that dates stand in columns."""
    assert dates.brief(date(2026, 12, 7)) == " 7 Dec"
    assert {len(dates.brief(date(2026, month, 10))) for month in range(1, 13)} == {6}
