"""Days as one says them."""

from __future__ import annotations

from datetime import date

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def dated(day: date, today: date) -> str:
    """A date as one says it: 15 December, with the year where it is not this one."""
    year = f" {day.year}" if day.year != today.year else ""
    return f"{day.day} {MONTHS[day.month - 1]}{year}"


def brief(day: date) -> str:
    """A day and its month in columns: ` 7 Dec`."""
    return f"{day.day:2} {MONTHS[day.month - 1][:3]}"
