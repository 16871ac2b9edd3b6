"""Curves, bars and tables as strips: every number is there, with or without colour."""

from __future__ import annotations

import math

from dlprep.demo import Bars, Curve, Line, Table
from dlprep.draw import bars, curve, table
from dlprep.draw.palette import NONE, Look
from dlprep.draw.strip import Strip

PLAIN, ASCII = Look(NONE), Look(NONE, ascii=True)
CURVE = Curve("loss", (Line("train", (3.0, 2.0, 1.0)), Line("test", (3.5, 2.5, 2.0))), x="step", at=1.5)
BARS = Bars("sizes", ("W1", "W2"), (1.0, 4.0))
TABLE = Table("counts", ("what", "n"), (("rows", "12"), ("columns", "3")))


def plain(strips: list[Strip]) -> list[str]:
    """The characters alone."""
    return ["".join(segment.text for segment in strip) for strip in strips]


def test_a_curve_has_labelled_axes_and_a_legend() -> None:
    """Its ends stand at its axes, and each line is named with its last value."""
    rows = plain(curve.draw(CURVE, 40, 10, ASCII))
    assert rows[0] == "loss  * train 1  o test 2"
    assert rows[1].startswith("3.5|")
    assert rows[-2].startswith("  1|")
    assert rows[-1].split() == ["0", "step", "2"]
    assert any(row.startswith("1.5|--") for row in rows)


def test_lines_differ_without_colour() -> None:
    """In braille without colour the second line is dashed, so it has fewer points than the first."""
    both = tuple(Line(name, tuple(map(float, range(50)))) for name in "ab")
    cells = ["".join(plain(curve.draw(Curve("c", (line,)), 40, 10, PLAIN))[1:]) for line in both]
    assert cells[0] == cells[1]
    two = plain(curve.draw(Curve("c", (Line("a", (0.0, 0.0)), Line("b", (1.0, 1.0)))), 40, 10, PLAIN))
    assert two[0] == "c  ━━ a 0  ╍╍ b 1"
    assert two[1].count(" ") > two[-2].count(" ")


def test_a_logarithmic_curve_leaves_out_what_has_no_logarithm() -> None:
    """Zero and NaN are not drawn on a logarithmic axis, and the rest is."""
    view = Curve("c", (Line("a", (0.0, 0.01, math.nan, 100.0)),), log_y=True)
    rows = plain(curve.draw(view, 30, 8, ASCII))
    assert rows[0] == "c (log)  100"
    assert rows[1].startswith(" 100|")
    assert rows[-2].startswith("0.01|")


def test_a_curve_on_one_strip_stands_beside_its_name() -> None:
    """Where there is a single row the line is drawn on it."""
    (row,) = plain(curve.draw(Curve("loss", (Line("", (1.0, 0.0)),)), 30, 1, PLAIN))
    assert row.startswith("loss  0 ")
    assert any(0x2800 < ord(c) < 0x2900 for c in row)


def test_an_empty_curve_says_so() -> None:
    """Before there is a point there is a sentence."""
    assert plain(curve.draw(Curve("c", (Line("", ()),)), 30, 8, PLAIN))[1] == "(nothing to draw yet)"


def test_bars_are_in_proportion_and_carry_their_numbers() -> None:
    """A quarter of the number is a quarter of the bar, to the eighth of a cell."""
    rows = plain(bars.draw(BARS, 22, 3, PLAIN))
    assert rows == ["sizes", "W1 ████▎             1", "W2 █████████████████ 4"]


def test_bars_below_zero_point_the_other_way() -> None:
    """Negative numbers run left of a common zero and keep their minus sign."""
    _, first, second = plain(bars.draw(Bars("b", ("x", "y"), (-2.0, 2.0)), 24, 3, PLAIN))
    assert first.index("█") < second.index("█")
    assert first.endswith("−2")
    assert first.rindex("█") + 1 == second.index("█")


def test_bars_without_room_are_one_line_of_numbers() -> None:
    """The words of a chart outlive its bars."""
    assert plain(bars.draw(BARS, 40, 1, PLAIN)) == ["sizes  W1 1  W2 4"]


def test_a_table_has_no_box_and_right_aligned_numbers() -> None:
    """Columns are set apart by space; numbers end in one column."""
    rows = plain(table.draw(TABLE, 40, 8, PLAIN))
    assert rows == ["counts", "what     n", "rows    12", "columns  3"]


def test_outside_text_cannot_act_on_the_terminal() -> None:
    """Labels pass the one gate: an escape is shown, and markup is only text."""
    view = Bars("\x1b[31mred", ("[/bold]",), (1.0,))
    rows = plain(bars.draw(view, 40, 2, PLAIN))
    assert rows[0] == "\\x1b[31mred"
    assert rows[1].startswith("[/bold] █")


def test_numbers_nearly_alike_look_it_on_a_logarithmic_scale() -> None:
    """A bar is short for a number that is many times smaller, not for the smallest of like ones."""

    def cells(*values: float) -> list[int]:
        _, *drawn = bars.draw(Bars("g", ("a", "b"), values, log=True), 60, 3, ASCII)
        return ["".join(part.text for part in strip).count("#") for strip in drawn]

    short, long = cells(0.0016, 0.0025)
    assert 0.7 * long < short < long
    short, long = cells(1e-9, 1)
    assert short < 0.2 * long
