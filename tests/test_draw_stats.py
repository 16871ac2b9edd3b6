"""The page of stats: the whole of it at two widths, what its shades mean, and that nothing sticks out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlprep.choose import Goal
from dlprep.draw import stats as drawn
from dlprep.draw.heatmap import heatmap
from dlprep.draw.palette import MANY, NONE, SIXTEEN, TRUE, Look
from dlprep.draw.strip import Strip, length
from dlprep.plan import Foresight
from dlprep.stats import Due, Leech, Score, Slow, Standing, Stats
from dlprep.streak import Day
from tests.reviews import DAY, days_after, moment

PLAIN, ASCII = Look(NONE), Look(NONE, ascii=True)
LOOKS = [Look(TRUE), Look(MANY), Look(SIXTEEN), PLAIN, ASCII]


def day(ago: int, answers: int, right: int) -> Day:
    """A day of practice, a minute an answer."""
    when = days_after(-ago)
    return Day(when, moment(when), moment(when), answers, right, 60.0 * answers)


STATS = Stats(
    today=DAY,
    goal=Goal(date(2026, 12, 15), 20),
    topic=None,
    days=(day(400, 5, 1), day(8, 4, 2), day(1, 9, 8), day(0, 16, 12)),
    streak=2,
    longest=2,
    topics=(
        Standing("backprop", 28, 14, 0.5, 0.4, Score(20, 15)),
        Standing("cnn", 30, 0, 0.0, 0.0, Score(0, 0)),
    ),
    kinds={"choice": Score(20, 15), "numeric": Score(14, 8)},
    levels={"junior": Score(20, 15), "staff": Score(12, 6)},
    gone=2,
    due=tuple(Due(days_after(ahead), 3 - ahead if ahead < 3 else 0) for ahead in range(14)),
    leeches=(Leech("backprop/what-it-computes", 9, 14),),
    slowest=(Slow("cnn/output-size", 94.6, 3),),
    foresight=Foresight(212, 0.9, 0.84),
)
NOTHING = Stats(DAY, None, None, (), 0, 0, (), {}, {}, 0, (), (), (), Foresight(0, 0.0, 0.0))


def text(strips: list[Strip]) -> str:
    """The characters alone."""
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


def shown(days: dict[date, int], width: int, look: Look) -> list[str]:
    """A heatmap as lines."""
    return text(heatmap(days, DAY, width, look)).split("\n")


def test_the_page_at_eighty_columns() -> None:
    """Forecast and scores side by side, a line a topic."""
    assert text(drawn.page(STATS, 80, PLAIN)) == PAGE_80


def test_the_page_at_forty_columns() -> None:
    """Everything below each other, and all of it there."""
    assert text(drawn.page(STATS, 40, ASCII)) == PAGE_40


def test_nothing_answered_says_what_to_type() -> None:
    """One line, and for a topic that topic's quiz."""
    assert text(drawn.page(NOTHING, 80, PLAIN)) == " Nothing answered yet. Next: dlprep quiz --core"


@pytest.mark.parametrize("look", LOOKS)
@settings(deadline=None)
@given(
    width=st.integers(30, 120),
    name=st.text(max_size=60),
    counts=st.lists(st.integers(1, 10**4), min_size=1, max_size=9),
)
def test_no_line_is_wider_than_the_screen(look: Look, width: int, name: str, counts: list[int]) -> None:
    """Whatever topics and questions are called and however much was answered; ASCII stays ASCII."""
    days = tuple(day(7 * ago, count, count) for ago, count in enumerate(counts))
    topics = (Standing(name, 10**4, 10**4, 1.0, 0.1, Score(9, 9)), *STATS.topics)
    stats = Stats(
        DAY,
        STATS.goal,
        name or None,
        days,
        99,
        99,
        topics,
        {name: Score(sum(counts), 1)},
        {},
        max(counts),
        (Due(DAY, counts[0]), Due(days_after(1), 0)),
        (Leech(name, 8, 99),),
        (Slow(name, 600, 10**4),),
        Foresight(10**6, 1.0, 1.0),
    )
    strips = drawn.page(stats, width, look)
    assert max(map(length, strips)) <= width
    assert text(strips).isascii() or not look.ascii


@pytest.mark.parametrize("look", LOOKS)
@settings(deadline=None)
@given(width=st.integers(30, 130), ago=st.integers(0, 400), weekday=st.integers(0, 6))
def test_a_day_stands_in_its_row(look: Look, width: int, ago: int, weekday: int) -> None:
    """One square, in the row of its weekday and the column of its week; else a sentence tells of it."""
    today = DAY + timedelta(days=weekday)
    when = today - timedelta(days=ago)
    lines = text(heatmap({when: 3}, today, width, look)).split("\n")
    marks = [
        (row, column)
        for row, line in enumerate(lines[1:8])
        for column, sign in enumerate(line[5:])
        if sign not in " ·."
    ]
    weeks = min(53, (width - 6) // 2)
    back = (today - timedelta(days=today.weekday()) - (when - timedelta(days=when.weekday()))).days // 7
    if back < weeks:
        assert marks == [(when.weekday(), 2 * (weeks - 1 - back))]
        assert "Before that" not in " ".join(lines)
    else:
        assert marks == []
        assert "Before that: 3 answers on 1 day." in " ".join(" ".join(lines).split())


def test_the_shades_mean_what_the_legend_says() -> None:
    """A step is a quarter of a busy day; each count has the sign of its range."""
    days = {days_after(-ago): count for ago, count in enumerate([1, 3, 4, 6, 7, 9, 10, 12, 12, 12, 90])}
    lines = shown(days, 80, ASCII)
    legend = "     answers a day  . none  : 1-3  + 4-6  * 7-9  # 10 or more"
    assert lines[8] == legend
    last = len(lines[1]) - 1  # the column of DAY, a Monday
    signs = [lines[1 + when.weekday()][last - 2 * ((ago + 6) // 7)] for ago, when in enumerate(days)]
    assert "".join(signs) == "::++**#####"


def test_one_long_day_does_not_pale_the_others() -> None:
    """The steps are those of usual days."""
    usual = {days_after(-ago): 4 for ago in range(1, 20)}
    assert shown(usual, 80, PLAIN)[8:] == shown({**usual, DAY: 500}, 80, PLAIN)[8:]


def test_colours_grow_lighter_with_the_answers() -> None:
    """Four shades of cividis, each lighter than the one before; a day without answers has none of them."""
    days = {days_after(-ago): 4 - ago for ago in range(4)}
    strips = heatmap(days, DAY + timedelta(days=6), 80, Look(TRUE))
    squares = [segment for segment in strips[8] if "■" in segment.text]
    colors = [segment.style.color.triplet for segment in squares if segment.style and segment.style.color]
    light = [sum(triplet) for triplet in colors if triplet]
    assert len(light) == 4
    assert light == sorted(set(light))


def test_months_stand_above_the_week_they_begin_in() -> None:
    """1 November 2026 is a Sunday, so that its week is the fourth from the right."""
    months, *rows = shown({date(2026, 11, 1): 1}, 40, ASCII)
    assert months.index("Nov") == rows[6].index("#" if "#" in rows[6] else ":")


def test_an_answer_dated_tomorrow_is_shown() -> None:
    """A flight west leaves one, and the calendar goes one day further."""
    lines = shown({days_after(1): 1}, 40, ASCII)
    assert lines[2].endswith(":")


def test_an_empty_forecast_is_a_sentence() -> None:
    """Fourteen zeros say less than the reason."""
    none = tuple(Due(due.day, 0) for due in STATS.due)
    lines = text(drawn.page(replace(STATS, due=none), 40, PLAIN))
    assert "Nothing in the next 14 days: new questions come first." in " ".join(lines.split())


def test_answers_to_nothing_that_is_left() -> None:
    """All questions of a topic are gone: what was answered still shows."""
    gone = replace(STATS, topics=(), levels={}, leeches=(), slowest=(), gone=34)
    out = " ".join(text(drawn.page(gone, 80, PLAIN)).split())
    assert out.startswith("34 answers on 4 days")
    assert "Expected recall" not in out


PAGE_80 = """\
 34 answers on 4 days · 68% right · 34 minutes · 2-day streak, longest 2

 Practice
         Apr     May       Jun     Jul     Aug       Sep     Oct     Nov
 Mon · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · █
     · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · ·
 Wed · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · ·
     · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · ·
 Fri · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · ·
     · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · ·
 Sun · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · · ░ ▓
     answers a day  · none  ░ 1–4  ▒ 5–8  ▓ 9–12  █ 13 or more
 Before that: 5 answers on 1 day.

 Expected recall
 Today, with a question never asked counted as not known: ▰ stays until 15
 December if nothing more is done, ▱ is lost by then.
 cnn       ································   0% →  0%  0/30 asked
 backprop  ▰▰▰▰▰▰▰▰▰▰▰▰▰▱▱▱················  50% → 40%  14/28 asked · 75% right

 Of 212 answers to questions seen on a day before, 90% were expected right and
 84% were.

 Due                                      By kind   right wrong
 today  ███████████████████████████ 3     choice       15     5   75%
 Tue 24 ██████████████████          2     numeric       8     6   57%
 Wed 25 █████████                   1
 Thu 26                             0     By level  right wrong
 Fri 27                             0     junior       15     5   75%
 Sat 28                             0     staff         6     6   50%
 Sun 29                             0     2 answers to questions that are
 Mon 30                             0     gone count by kind alone.
 Tue 1                              0
 Wed 2                              0
 Thu 3                              0
 Fri 4                              0
 Sat 5                              0
 Sun 6                              0

 Missed 8 times or more: read these instead of being asked again
 dlprep show backprop/what-it-computes  missed 9 of 14

 Slowest
 cnn/output-size  95 s, mean of 3 answers

 Next: dlprep quiz
"""
PAGE_40 = """\
 34 answers on 4 days . 68% right . 34
 minutes . 2-day streak, longest 2

 Practice
     Aug     Sep     Oct     Nov
 Mon . . . . . . . . . . . . . . . . #
     . . . . . . . . . . . . . . . .
 Wed . . . . . . . . . . . . . . . .
     . . . . . . . . . . . . . . . .
 Fri . . . . . . . . . . . . . . . .
     . . . . . . . . . . . . . . . .
 Sun . . . . . . . . . . . . . . : *
     answers a day  . none  : 1-4  + 5-8
     * 9-12  # 13 or more
 Before that: 5 answers on 1 day.

 Expected recall
 Today, with a question never asked
 counted as not known: # stays until 15
 December if nothing more is done, - is
 lost by then.
 cnn 0/30 asked
  .........................   0% ->  0%
 backprop 14/28 asked . 75% right
  ##########--.............  50% -> 40%

 Of 212 answers to questions seen on a
 day before, 90% were expected right
 and 84% were.

 Due
 today  ############################# 3
 Tue 24 ###################           2
 Wed 25 ##########                    1
 Thu 26                               0
 Fri 27                               0
 Sat 28                               0
 Sun 29                               0
 Mon 30                               0
 Tue 1                                0
 Wed 2                                0
 Thu 3                                0
 Fri 4                                0
 Sat 5                                0
 Sun 6                                0

 By kind   right wrong
 choice       15     5   75%
 numeric       8     6   57%

 By level  right wrong
 junior       15     5   75%
 staff         6     6   50%
 2 answers to questions that are
 gone count by kind alone.

 Missed 8 times or more: read these
 instead of being asked again
 dlprep show backprop/what-it-computes
   missed 9 of 14

 Slowest
 cnn/output-size
   95 s, mean of 3 answers

 Next: dlprep quiz
"""
