"""A frame fills exactly the cells there are; claims and controls say in words what was measured."""

from __future__ import annotations

import math
from itertools import product

import pytest

from dlprep.demo import Bars, Claim, Control, Curve, Dots, Field, Frame, Image, Line, Table, View
from dlprep.draw import claims
from dlprep.draw.ending import Played
from dlprep.draw.frame import Shot, compose, keys
from dlprep.draw.palette import NONE, SIXTEEN, TRUE, Look
from dlprep.draw.strip import Strip, length, short, words

PLAIN, ASCII = Look(NONE), Look(NONE, ascii=True)
FIELD = Field("field", ((-1.0, 0.5), (0.5, 1.0)), (0, 1, 0, 1), (Dots("dots", (0.5,), (0.5,), "accent"),))
CURVE = Curve("loss", (Line("", (3.0, 2.0, 1.0)),))
BARS = Bars("sizes", ("W1", "W2"), (1.0, 4.0))
IMAGES = tuple(Image(name, ((0.0, 1.0), (1.0, 0.0))) for name in ("input", "filter", "map"))
TABLE = Table("counts", ("what", "n"), (("rows", "12"),))
SETS: dict[str, tuple[View, ...]] = {
    "nothing": (),
    "field": (FIELD,),
    "field and charts": (FIELD, CURVE, BARS),
    "charts": (CURVE, BARS, TABLE),
    "images": IMAGES,
    "images and charts": (*IMAGES, CURVE, TABLE),
    "everything": (FIELD, FIELD, *IMAGES, CURVE, BARS, TABLE),
}
HOLDS = Claim("slope-agrees", "analytic slope equals the measured one", 2.9e-10, "<=", 1e-7)
BROKEN = Claim("learns", "share of the points told apart", 0.81, ">=", 0.95)
FLIPPED = Control("flipped-sign", "the hidden delta has its sign flipped", ("slope-agrees",))


def frame(*views: View, caption: str = "The field bends where both moons touch.") -> Frame:
    """A frame of those views."""
    return Frame("a network learns", 240, 600, caption, views)


def plain(strips: list[Strip]) -> list[str]:
    """The characters alone."""
    return ["".join(segment.text for segment in strip).rstrip() for strip in strips]


@pytest.mark.parametrize("look", [Look(TRUE), Look(SIXTEEN), PLAIN, ASCII], ids=str)
@pytest.mark.parametrize("views", SETS.values(), ids=SETS)
def test_a_frame_fits_exactly(views: tuple[View, ...], look: Look) -> None:
    """Every size from one cell to a wall is filled to the cell."""
    shot = Shot(frame(*views), "backprop", (HOLDS, BROKEN), ("learns", "cost"), FLIPPED)
    sizes = [*product((1, 5, 10, 20, 40, 57, 80, 120), (1, 3, 7, 12, 15, 16, 24, 40)), (500, 200)]
    for width, height in sizes:
        strips = compose(shot, width, height, look)
        assert [length(strip) for strip in strips] == [width] * height


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40), (40, 12)])
def test_no_word_is_lost(width: int, height: int) -> None:
    """Title, step, caption and claims are there at the sizes people have; pictures give way first."""
    text = "\n".join(
        plain(compose(Shot(frame(FIELD, CURVE, BARS), "backprop", (HOLDS,)), width, height, PLAIN))
    )
    for word in (
        "backprop",
        "240",
        "600",
        "The field bends",
        "touch.",
        "✓ slope agrees 2.9e-10",
        "loss",
        "W2",
    ):
        assert word in text


def test_two_columns_only_where_they_fit() -> None:
    """At 80 columns the chart stands beside the picture; in a tall, narrow window under it."""

    def row(width: int, height: int, word: str) -> int:
        return next(
            k
            for k, t in enumerate(plain(compose(Shot(frame(FIELD, CURVE)), width, height, PLAIN)))
            if word in t
        )

    assert row(80, 24, "field") == row(80, 24, "loss")
    assert row(40, 30, "field") < row(40, 30, "loss")


def test_nothing_jumps_when_a_caption_is_short() -> None:
    """The claims stand in the same row under a short caption and under a long one."""
    short_one, long_one = (
        plain(compose(Shot(frame(FIELD, caption=text), "", (HOLDS,)), 80, 24, PLAIN))
        for text in ("Short.", "A long caption. " * 8)
    )
    claim = " ✓ slope agrees 2.9e-10"
    assert short_one.index(claim) == long_one.index(claim)


def test_the_keys_that_are_left_out_are_the_last() -> None:
    """A narrow footer still says how to quit."""
    known = [("q", "quit"), ("space", "pause"), ("←→", "step")]
    assert plain([keys(known, 41, PLAIN)])[0].strip() == "q quit · space pause · ←→ step"
    assert plain([keys(known, 12, PLAIN)])[0].strip() == "q quit"
    assert plain([keys(known, 41, ASCII)])[0].strip() == "q quit . space pause . <--> step"


def test_a_control_is_named_in_its_frame() -> None:
    """Nobody mistakes a sabotaged run for the true one."""
    rows = plain(compose(Shot(frame(FIELD), "backprop", (), (), FLIPPED), 80, 24, PLAIN))
    assert rows[1] == " ✗ control flipped-sign: the hidden delta has its sign flipped"


def test_a_claim_has_sign_numbers_and_word() -> None:
    """Whether it holds is told by a sign, by the relation and by a word, not by colour alone."""
    first, second = plain(claims.lines((HOLDS, BROKEN), 80, PLAIN))
    assert first == f"✓ {HOLDS.says}".ljust(58) + "2.9e-10 ≤ 1e-07 holds"
    assert second == f"✗ {BROKEN.says}".ljust(58) + "    0.81 < 0.95 broken"
    assert plain(claims.lines((BROKEN,), 80, ASCII))[0].startswith("X share")


def test_a_narrow_claim_wraps() -> None:
    """At 30 columns the numbers stand under the sentence."""
    assert plain(claims.lines((HOLDS,), 30, PLAIN)) == [
        "✓ analytic slope equals the",
        "  measured one",
        "  2.9e-10 ≤ 1e-07 holds",
    ]


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (Claim("a", "", 0.10004, "<=", 0.1), "0.10004 > 0.1"),
        (Claim("a", "", 1.0, "==", 1.0), "1 = 1"),
        (Claim("a", "", 1.0 + 1e-12, "==", 1.0), "1.000000000001 ≠ 1"),
        (Claim("a", "", math.nan, "<", 1.0), "nan, not < 1"),
        (Claim("a", "", math.inf, "<", 1e-9), "∞ ≥ 1e-09"),
        (Claim("a", "", 0.0, "!=", 0.0), "0 = 0"),
    ],
)
def test_figures_never_say_what_is_false(claim: Claim, said: str) -> None:
    """Rounding never makes a broken claim look as if it held, nor the reverse."""
    assert claims.figures(claim) == said


def test_live_claims_list_all_or_count() -> None:
    """Where all claims fit they are listed; where not they are counted, the broken named first."""
    assert plain([claims.live((HOLDS,), ("slope-agrees", "learns"), 80, PLAIN)]) == [
        "✓ slope agrees 2.9e-10   … learns"
    ]
    assert plain([claims.live((HOLDS, BROKEN), ("cost", "speed"), 59, PLAIN)]) == [
        "✓ 1 hold   ✗ 1 broken   … 2 to come   ✗ learns 0.81 broken"
    ]


def test_a_control_must_break_what_it_says() -> None:
    """A control that broke its claim is as it should be, one that did not has failed, and says so."""
    broken = Claim("slope-agrees", "", 1.0, "<=", 1e-7)
    assert Played((broken,), FLIPPED).as_it_should
    assert not Played((HOLDS,), FLIPPED).as_it_should
    assert not Played((), FLIPPED).as_it_should
    assert Played((HOLDS,)).as_it_should
    assert not Played((HOLDS, BROKEN)).as_it_should
    assert plain(claims.control_lines(FLIPPED, (broken, BROKEN), 80, PLAIN))[1] == (
        "  ✓ breaks slope-agrees: 1 > 1e-07, as it must"
    )
    assert plain(claims.control_lines(FLIPPED, (HOLDS,), 80, PLAIN))[1] == (
        "  ✗ FAILED to break slope-agrees: 2.9e-10 ≤ 1e-07"
    )
    assert plain(claims.control_lines(FLIPPED, (), 80, PLAIN))[1] == "  slope-agrees was not measured"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        *((0.0, "0"), (2.9e-10, "2.9e-10"), (1e-7, "1e-07"), (0.083, "0.083"), (12.0, "12"), (-1.0, "−1")),
        *((34050.0, "34,050"), (0.98, "0.98"), (math.inf, "∞"), (-math.inf, "−∞"), (math.nan, "nan")),
        *((99.99, "100"), (-2e-9, "−2e-09"), (1234.5, "1234"), (1e12, "1e+12")),
    ],
)
def test_numbers_are_rounded_for_reading(number: float, text: str) -> None:
    """Three digits, no trailing zeros, a true minus sign."""
    assert short(number) == text


def test_words_are_spelled_out_in_ascii() -> None:
    """Formulas stay readable where only ASCII may be written."""
    assert words("∂L/∂W₁ ≤ −½·ε² “é” → λ", ASCII) == 'dL/dW1 <= -1/2.epsilon^2 "e" -> lambda'
    assert words("∂L/∂W₁", PLAIN) == "∂L/∂W₁"
