"""Each view as strips: its size, its signs, and what is left of it without colour."""

from __future__ import annotations

import io
import math

import pytest
from rich.console import Console

from dlprep.demo import Bars, Curve, Dots, Field, Image, Line, Table, View
from dlprep.draw import field, image, layout, pixels
from dlprep.draw.palette import INK, LEVELS, MANY, NONE, SIXTEEN, TRUE, VOID, Look
from dlprep.draw.strip import Picture, Strip, length

LOOKS = [Look(TRUE), Look(MANY), Look(SIXTEEN), Look(NONE), Look(NONE, ascii=True), Look(TRUE, ascii=True)]
PLAIN, ASCII = Look(NONE), Look(NONE, ascii=True)

SLOPE = tuple(tuple((x - 9.5) / 9.5 for x in range(20)) for _ in range(20))
FIELD = Field(
    "field",
    SLOPE,
    (0, 2, 0, 1),
    (Dots("zero", (0.1,), (0.5,), "low"), Dots("one", (1.9, 5.0), (0.5, 0.5), "high")),
)
CURVE = Curve("loss", (Line("train", (3.0, 2.0, 1.0)), Line("test", (3.5, 2.5, 2.0))), x="step", at=1.5)
BARS = Bars("sizes", ("W1", "W2"), (1.0, 4.0))
IMAGE = Image("input", ((0.0, 1.0, 0.0), (1.0, 0.0, 1.0), (0.0, 1.0, 0.0)), box=(1, 1, 2, 2))
TABLE = Table("counts", ("what", "n"), (("rows", "12"), ("columns", "3")))
VIEWS: list[View] = [FIELD, CURVE, BARS, IMAGE, TABLE]


def plain(strips: list[Strip]) -> list[str]:
    """The characters alone."""
    return ["".join(segment.text for segment in strip) for strip in strips]


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: type(view).__name__)
def test_no_view_leaves_its_cells(view: View, look: Look) -> None:
    """Whatever the cells, no view is taller or wider than it may be."""
    for width in (1, 3, 10, 17, 40, 120):
        for height in (1, 2, 3, 8, 30):
            strips = layout.Block((view,)).draw(width, height, look)
            assert len(strips) <= height
            assert all(length(strip) <= width for strip in strips)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: type(view).__name__)
def test_ascii_stays_ascii(view: View) -> None:
    """Where only ASCII may be written, nothing else is."""
    assert all(text.isascii() for text in plain(layout.Block((view,)).draw(60, 12, ASCII)))


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: type(view).__name__)
@pytest.mark.parametrize("width", [40, 80, 120])
def test_without_colour_there_are_no_escapes(view: View, width: int) -> None:
    """A console without colours prints characters only."""
    out = io.StringIO()
    console = Console(file=out, width=width, color_system=None, legacy_windows=False)
    console.print(Picture(layout.Block((view,)).draw(width, 12, Look.of(console))))
    assert "\x1b" not in out.getvalue()


def test_a_field_shows_its_sign_without_colour() -> None:
    """In ASCII the negative side is digits, the positive side a ramp, and zero a gap between them."""
    _, row, *_ = plain(field.draw(Field("f", SLOPE, (0, 1, 0, 1)), 40, 22, ASCII))
    negative, _, positive = row.partition(" ")
    assert negative.startswith("99")
    assert positive.endswith("@@")
    assert set(negative) <= set("0123456789")
    assert not set(positive) & set("0123456789")


def test_a_field_shows_each_dot_on_the_plane() -> None:
    """A dot is put at its coordinates with the sign of its tone, and one off the plane is not drawn."""
    rows = plain(field.draw(FIELD, 40, 12, PLAIN))
    plane = "".join(rows[1:-1])
    assert plane.count("○") == plane.count("●") == 1
    row = next(row for row in rows[1:-1] if "○" in row)
    assert row.index("○") < 6
    assert row.index("●") > 30
    assert rows[-1].endswith("○ zero  ● one")


def test_a_field_keeps_its_aspect() -> None:
    """A plane twice as wide as high takes four cells across for each one down."""
    assert field.size(FIELD, 100, 10) == (40, 10)
    assert field.size(FIELD, 20, 10) == (20, 5)


def test_the_zero_contour_is_a_thin_line() -> None:
    """One pixel of each row of a slope is inked."""
    numbers = [list(row) for row in SLOPE]
    shown = pixels.levels(numbers, -1, 1)
    pixels.contour(numbers, shown)
    assert [row.count(INK) for row in shown] == [1] * 20


def test_a_number_that_is_not_there_is_a_void() -> None:
    """NaN is drawn as nothing rather than as some number; the others keep their levels."""
    assert pixels.levels([[math.nan, -1.0, 1.0]], -1, 1) == [[VOID, 0, LEVELS - 1]]


def test_resampling_keeps_the_corners() -> None:
    """A picture enlarged begins and ends with the numbers it began and ended with."""
    large = pixels.resample(((0.0, 1.0), (2.0, 3.0)), 8, 6)
    assert (large[0][0], large[0][-1], large[-1][0], large[-1][-1]) == (0.0, 1.0, 2.0, 3.0)
    assert len(large) == 6
    assert all(len(row) == 8 for row in large)


def test_images_flow_and_share_a_scale() -> None:
    """Pictures stand side by side while they fit, at the largest whole scale."""
    picture = Image("a", ((0.0,) * 8,) * 8)
    assert image.flow([picture] * 2, 40, 9).scale == 2
    assert len(image.flow([picture] * 2, 40, 9).lines) == 1
    assert image.flow([picture] * 2, 10, 40).scale == 1
    assert len(image.flow([picture] * 2, 10, 40).lines) == 2


def test_a_filter_beside_a_picture_is_enlarged() -> None:
    """Nine weights are drawn twice as large as the picture they slide over."""
    laid = image.flow([Image("a", ((0.0,) * 12,) * 12), Image("w", ((0.0,) * 3,) * 3)], 40, 13)
    assert [one.scale for one in laid.lines[0]] == [2, 4]


def test_the_window_of_an_image_is_outlined() -> None:
    """A box is a closed line around the window, with its inside untouched."""
    name, *rows = plain(image.draw([Image("a", ((0.5,) * 6,) * 6, box=(1, 1, 4, 4), limit=1.0)], 8, 5, PLAIN))
    assert name.rstrip() == "a"
    assert rows == [" ▪▪▪▪▪▪ ", " ▪▒▒▒▒▪ ", " ▪▒▒▒▒▪ ", " ▪▪▪▪▪▪ "]
