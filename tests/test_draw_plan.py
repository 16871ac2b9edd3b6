"""A plan as a page: the whole of it at two widths, its odd ends, and that nothing sticks out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlprep.bank import LEVELS, Entry
from dlprep.choose import Goal
from dlprep.draw import plan as drawn
from dlprep.draw.palette import MANY, NONE, SIXTEEN, TRUE, Look, Role
from dlprep.draw.strip import Strip, length
from dlprep.plan import Daily, Forecast, Foresight
from tests.reviews import DAY, days_after

PLAIN, ASCII = Look(NONE), Look(NONE, ascii=True)
LOOKS = [Look(TRUE), Look(MANY), Look(SIXTEEN), PLAIN, ASCII]
ENTRIES = [
    Entry(topic, f"{level}-{number}", "choice", level, core=False)
    for topic in ("cnn", "backprop")
    for level in LEVELS
    for number in range(3)
]


def text(strips: list[Strip]) -> str:
    """The characters alone, ends of lines trimmed."""
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)


def flat(strips: list[Strip]) -> str:
    """The words in one line."""
    return " ".join(text(strips).split())


def forecast(
    count: int, unseen: Sequence[Entry] = (), topics: Sequence[str] = ("cnn", "backprop")
) -> Forecast:
    """What following a plan of so many days comes to."""
    days = tuple(Daily(days_after(ahead), 8.4 - ahead % 3, float(ahead % 7), 20.6) for ahead in range(count))
    followed = {topic: max(0.0, 0.9 - 0.3 * place) for place, topic in enumerate(topics)}
    return Forecast(
        days=days,
        today=dict.fromkeys(topics, 0.5),
        idle=dict.fromkeys(topics, 0.25),
        followed=followed,
        foresight=Foresight(0, 0.0, 0.0),
        unseen=tuple(unseen),
        enough=45,
    )


def page(
    cast: Forecast, width: int = 80, look: Look = PLAIN, entries: Sequence[Entry] = ENTRIES, minutes: int = 20
) -> list[Strip]:
    """The page of a forecast that begins today."""
    goal = Goal(days_after(len(cast.days)), minutes)
    return [*drawn.head(goal, DAY, 0, width, look), *drawn.page(cast, entries, goal, DAY, width, look)]


def rows(strips: list[Strip]) -> list[tuple[str, float, float, float]]:
    """The lines of the table of days: what they are called and their three numbers."""
    found = re.findall(r"^ (\w{3,4} .*?) +(\d+) +(\d+) +(\d+)$", text(strips), re.MULTILINE)
    return [(name, float(new), float(again), float(minutes)) for name, new, again, minutes in found]


# ── the whole of it ─────────────────────────────────────────────────────────────────────────────────


def test_the_page_at_eighty_columns() -> None:
    """The day, whether the plan is kept, a week of days and then weeks, recall by topic, what to drop."""
    unseen = [entry for entry in ENTRIES if entry.level == "staff" or entry.name == "cnn/senior-0"]
    unseen.sort(key=lambda entry: (-LEVELS.index(entry.level), entry.topic))
    assert text(page(forecast(17, unseen))) == PAGE_80


def test_the_page_at_forty_columns() -> None:
    """Bars give way, and every number is still there; ASCII alone."""
    assert text(page(forecast(5), 40, ASCII)) == PAGE_40


# ── the head ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("left", "missed", "first", "second"),
    [
        (1, 0, "Interview in 1 day, on 24 November, 20 minutes a day", "on plan"),
        (22, 1, "Interview in 22 days, on 15 December, 20 minutes a day", "1 day missed so far"),
        (22, 9, "Interview in 22 days, on 15 December, 20 minutes a day", "9 days missed so far"),
        (365, 0, "Interview in 365 days, on 23 November 2027, 20 minutes a day", "on plan"),
    ],
)
def test_the_head_says_when_and_how_it_goes(left: int, missed: int, first: str, second: str) -> None:
    """Days in singular and plural, and the year where it is another one."""
    strips = drawn.head(Goal(days_after(left), 20), DAY, missed, 80, PLAIN)
    assert text(strips) == f" {first}\n {second}"


@pytest.mark.parametrize(("missed", "role"), [(0, "right"), (3, "wrong")])
def test_missed_and_on_plan_have_their_colours(missed: int, role: Role) -> None:
    """Blue and vermillion, and a word of their own each."""
    look = Look(TRUE)
    *_, last = drawn.head(Goal(days_after(9), 20), DAY, missed, 80, look)
    assert last[-1].style == look.style(role)


def test_one_minute_is_one_minute() -> None:
    """The least a plan can have."""
    assert text(drawn.head(Goal(days_after(9), 1), DAY, 0, 80, PLAIN)).startswith(
        " Interview in 9 days, on 2 December, 1 minute a day"
    )


# ── days ────────────────────────────────────────────────────────────────────────────────────────────


@given(count=st.integers(1, 366))
@settings(deadline=None, max_examples=40)
def test_every_day_stands_in_one_row_and_spans_are_means(count: int) -> None:
    """Seven days one by one, four weeks, then four weeks at a time; each number is the mean over its days."""
    cast = forecast(count)
    groups = [[day] for day in cast.days[:7]]
    groups += [list(cast.days[start : min(start + 7, 35)]) for start in range(7, min(count, 35), 7)]
    groups += [list(cast.days[start : start + 28]) for start in range(35, count, 28)]
    found = rows(page(cast, 80, ASCII))
    assert len(found) == len(groups)
    for (name, *numbers), group in zip(found, groups, strict=True):
        ends = [group[0].day, group[-1].day] if len(group) > 1 else [group[0].day]
        assert name.strip() == " - ".join(f"{day:%a} {day.day:2} {day:%b}" for day in ends)
        for shown, *values in zip(
            numbers, *((day.new, day.again, day.minutes) for day in group), strict=True
        ):
            assert abs(shown - fmean(values)) <= 0.5 + 1e-9


@pytest.mark.parametrize(("count", "told"), [(1, False), (7, False), (8, False), (9, True), (64, True)])
def test_only_means_are_explained(count: int, told: bool) -> None:
    """Up to eight days each row is of one day, and there is no mean to tell of."""
    assert ("several days: a day, on average" in text(page(forecast(count)))) == told
    assert ("average" in text(page(forecast(count)))) == told


def test_a_year_fits_two_screens() -> None:
    """What is eleven months away need not be told by the week."""
    assert len(page(forecast(365))) <= 48


# ── recall ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_weakest_topic_comes_first_with_its_three_numbers() -> None:
    """With the plan, now, and idle; then a bar as long as what the plan comes to."""
    lines = text(page(forecast(5))).split("\n")
    start = next(place for place, line in enumerate(lines) if line.endswith("with it   now  idle"))
    assert lines[start + 1].split() == ["backprop", "60%", "50%", "25%", "▰" * 12 + "▱" * 8]
    assert lines[start + 2].split() == ["cnn", "90%", "50%", "25%", "▰" * 18 + "▱" * 2]


def test_who_was_asked_nothing_reads_zeros() -> None:
    """No topic seen: nothing now, nothing if idle, and no division by it."""
    nothing = forecast(1)._replace(today={"cnn": 0.0, "backprop": 0.0}, idle={"cnn": 0.0, "backprop": 0.0})
    lines = text(page(nothing)).split("\n")
    assert [line.split()[-3:-1] for line in lines if "▰" in line] == [["0%", "0%"]] * 2


@pytest.mark.parametrize("width", [32, 43, 59, 60, 80, 120])
@pytest.mark.parametrize("head", ["new again   min", "with it   now  idle"])
def test_numbers_end_where_their_heads_end(width: int, head: str) -> None:
    """Each column of both tables, with and without bars to their right."""
    lines = text(page(forecast(30), width)).split("\n")
    start = next(place for place, line in enumerate(lines) if line.endswith(head))
    ends = [found.end() for found in re.finditer(r"with it|\S+", lines[start])]
    assert len(ends) == 3
    for row in lines[start + 1 : start + 3]:
        numbers = [found.end() for found in re.finditer(r" \d+%?(?!\S)", row)]
        assert numbers[-3:] == ends
        assert re.fullmatch("(  ▰+▱+)?", row[ends[-1] :])


def test_bars_stand_where_they_fit() -> None:
    """From 51 columns on for names this long, all of twenty cells or none."""
    for width in range(20, 121):
        bars = re.findall("[▰▱]+", text(page(forecast(3), width)))
        assert list(map(len, bars)) == ([20, 20] if width >= 51 else [])


# ── what there is no time for ───────────────────────────────────────────────────────────────────────


def test_enough_days_say_so() -> None:
    """All are asked, and the mean of the topics."""
    assert flat(page(forecast(5))).endswith(
        "The days suffice: all 24 questions are asked. Mean of the topics: 75%."
    )


def test_a_level_that_is_never_reached_is_named_as_one() -> None:
    """Whole levels by their number, of others three topics and how many more."""
    topics = ("a", "b", "c", "d", "e")
    entries = [Entry(topic, f"{n}", "choice", "mid", core=False) for topic in topics for n in range(4)]
    staff = [Entry("a", name, "order", "staff", core=False) for name in "st"]
    cast = forecast(3, [*staff, *(entry for entry in entries if entry.id != "0")], topics)
    told = flat(page(cast, entries=[*entries, *staff]))
    assert "5 of 22 questions can be asked. Drop first, as the plan does: " in told
    assert "all 2 of level staff; mid a 3, b 3, c 3 and 6 more. " in told
    assert told.endswith("would take at least 45 minutes a day instead of 20.")


@given(st.lists(st.sampled_from(ENTRIES), unique=True, min_size=1))
def test_the_questions_to_drop_add_up(unseen: list[Entry]) -> None:
    """Whatever is not reached: the numbers named are as many as there are."""
    unseen.sort(key=lambda entry: (-LEVELS.index(entry.level), entry.topic))
    told = drawn._named(unseen, ENTRIES)
    assert sum(map(int, re.findall(r"\b\d+\b", told))) == len(unseen)
    assert [level for level in LEVELS if level in told] == [
        level for level in LEVELS if any(entry.level == level for entry in unseen)
    ]


def test_one_question_is_asked() -> None:
    """The smallest bank there can be."""
    told = flat(page(forecast(3, topics=("cnn",)), entries=ENTRIES[:1]))
    assert "The days suffice: the one question is asked." in told


def test_one_question_of_a_level_is_not_all_of_it() -> None:
    """A single question is named by its topic as others are."""
    entry = Entry("cnn", "s", "order", "staff", core=False)
    assert drawn._named([entry], [*ENTRIES[:1], entry]) == "staff cnn 1"


# ── how good the expectations were ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("repeats", [0, 29])
def test_few_answers_say_nothing_about_expectations(repeats: int) -> None:
    """The page ends as if there were none; thirty are enough."""
    cast = forecast(5)._replace(foresight=Foresight(repeats, 0.9, 0.1))
    assert text(page(cast)) == text(page(forecast(5)))
    enough = forecast(5)._replace(foresight=Foresight(30, 0.9, 0.1))
    assert "Of 30 answers" in flat(page(enough))


@pytest.mark.parametrize(("recalled", "warned"), [(0.95, False), (0.8501, False), (0.84, True), (0.0, True)])
def test_who_forgets_faster_is_warned(recalled: float, warned: bool) -> None:
    """From five points on; within them it is told in passing."""
    told = flat(page(forecast(5)._replace(foresight=Foresight(1234, 0.9, recalled))))
    tail = (
        "Of 1,234 answers to questions seen on a day before, 90% were expected right and "
        f"{recalled:.0%} were."
    )
    assert told.endswith(
        f"! {tail} You forget faster than most: expect less than this." if warned else f". {tail}"
    )


# ── width and letters ───────────────────────────────────────────────────────────────────────────────


def widest(strips: list[Strip]) -> int:
    """The cells of the widest line."""
    return max(map(length, strips))


@pytest.mark.parametrize("look", LOOKS)
@settings(deadline=None, max_examples=30)
@given(width=st.integers(20, 120), missed=st.integers(0, 366), left=st.integers(1, 366))
def test_the_head_is_never_wider_than_the_screen(look: Look, width: int, missed: int, left: int) -> None:
    """However much was missed; ASCII stays ASCII."""
    strips = drawn.head(Goal(days_after(left), 1440), DAY, missed, width, look)
    assert widest(strips) <= width
    assert text(strips).isascii() or not look.ascii


@pytest.mark.parametrize("look", LOOKS)
@settings(deadline=None, max_examples=30)
@given(
    width=st.integers(20, 120),
    count=st.integers(1, 366),
    topics=st.lists(st.text("é漢x_<[", min_size=1, max_size=60), min_size=1, max_size=5, unique=True),
    unseen=st.lists(st.sampled_from(ENTRIES), unique=True),
)
def test_the_page_is_never_wider_than_the_screen(
    look: Look, width: int, count: int, topics: list[str], unseen: list[Entry]
) -> None:
    """From twenty columns on; ASCII stays ASCII whatever topics are called."""
    cast = forecast(count, unseen, topics)._replace(foresight=Foresight(1234, 0.9, 0.1))
    strips = page(cast, width, look)
    assert widest(strips) <= width
    assert text(strips).isascii() or not look.ascii


def test_columns_are_left_out_whole_and_rows_keep_their_names() -> None:
    """The last first, none of them from 30 columns on; no number is cut, and no two rows read the same."""
    for width in range(20, 121):
        strips = page(forecast(80), width)
        assert widest(strips) <= width
        lines = text(strips).split("\n")
        start = next(place for place, line in enumerate(lines) if line.split()[:1] == ["new"])
        heads = lines[start].split()
        assert heads == ["new", "again", "min"][: len(heads)]
        assert len(heads) == (3 if width >= 30 else 2 if width >= 24 else 1)
        row = re.compile(rf" (\w{{3,4}} .*?)(?: +\d+){{{len(heads)}}}")
        found = [row.fullmatch(line) for line in lines[start + 1 : start + 14]]
        names = [each[1] for each in found if each]
        assert len(set(names)) == 13
        assert not any("…" in name for name in names)


@pytest.mark.parametrize("width", range(34, 42))
def test_weeks_fit_a_narrow_screen(width: int) -> None:
    """They are told by their first day with its weekday, and no number is cut off."""
    strips = page(forecast(14), width)
    assert widest(strips) <= width
    assert "from Mon 30 Nov" in text(strips)
    assert len(rows(strips)) == 8


@pytest.mark.parametrize("width", [20, 24, 28, 33])
def test_weeks_fit_the_narrowest_screen(width: int) -> None:
    """A split terminal: what does not fit is left out, not cut."""
    shown = text(page(forecast(14), width))
    assert " from 30 Nov " in shown
    assert " backprop " in shown


@pytest.mark.parametrize("width", [30, 43, 59, 60, 80])
def test_a_long_name_is_cut_so_that_the_line_fits(width: int) -> None:
    """One cell too many, with and without bars."""
    assert widest(page(forecast(7, topics=("regularization_" * 9,)), width)) <= width


def test_nothing_in_a_name_reaches_the_terminal() -> None:
    """A topic is a file's name, and may hold anything."""
    shown = text(page(forecast(3, topics=("\x1b]0;x\x07", "[/foo]", "\u202egnp"))))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", shown)
    assert "[/foo]" in shown


def test_days_are_named_as_the_calendar_names_them() -> None:
    """Every weekday and month, without asking the system's language."""
    for place in range(366):
        day = days_after(place)
        assert drawn._day(day) == f"{day:%a} {day.day:2} {day:%b}"
    assert drawn._day(date(2026, 12, 7)) == "Mon  7 Dec"


PAGE_80 = """\
 Interview in 17 days, on 10 December, 20 minutes a day
 on plan

                           new again   min
 Mon 23 Nov                  8     0    21
 Tue 24 Nov                  7     1    21
 Wed 25 Nov                  6     2    21
 Thu 26 Nov                  8     3    21
 Fri 27 Nov                  7     4    21
 Sat 28 Nov                  6     5    21
 Sun 29 Nov                  8     6    21
 Mon 30 Nov – Sun  6 Dec     7     3    21
 Mon  7 Dec – Wed  9 Dec     7     1    21
 several days: a day, on average

 Expected recall on 10 December, if you keep to this; a question never asked
 counts as not known
          with it   now  idle
 backprop     60%   50%   25%  ▰▰▰▰▰▰▰▰▰▰▰▰▱▱▱▱▱▱▱▱
 cnn          90%   50%   25%  ▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▱▱

 There is not enough time: 17 of 24 questions can be asked. Drop first, as the
 plan does: all 6 of level staff; senior cnn 1. Asking everything once would
 take at least 45 minutes a day instead of 20."""
PAGE_40 = """\
 Interview in 5 days, on 28 November,
 20 minutes a day
 on plan

              new again   min
 Mon 23 Nov     8     0    21
 Tue 24 Nov     7     1    21
 Wed 25 Nov     6     2    21
 Thu 26 Nov     8     3    21
 Fri 27 Nov     7     4    21

 Expected recall on 28 November, if you
 keep to this; a question never asked
 counts as not known
          with it   now  idle
 backprop     60%   50%   25%
 cnn          90%   50%   25%

 The days suffice: all 24 questions are
 asked. Mean of the topics: 75%."""
