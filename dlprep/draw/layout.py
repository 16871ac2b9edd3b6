"""Where the views of a frame go: pictures left, charts right; one under another where it is narrow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment

from dlprep.demo import Bars, Curve, Field, Image, Table, View
from dlprep.draw import bars, curve, field, image, table
from dlprep.draw.palette import Look
from dlprep.draw.strip import Strip, beside, fit, length

WIDE = 56  # cells from which two columns are easier to read than one …
SHORT = 12  # … and fewer rows than this leave no choice
GAP = 3


@dataclass(frozen=True, slots=True)
class Block:
    """Views that are laid out as one: a single view, or all images of a frame, which flow side by side."""

    views: tuple[View, ...]

    @property
    def images(self) -> list[Image]:
        """The images, where this block is one of images."""
        return [view for view in self.views if isinstance(view, Image)]

    @property
    def picture(self) -> bool:
        """Whether this is a picture, as opposed to a chart."""
        return isinstance(self.views[0], Image | Field)

    def draw(self, width: int, height: int, look: Look) -> list[Strip]:
        """At most `height` strips of at most `width` cells."""
        strips = self._draw(width, height, look)
        return [strip if length(strip) <= width else fit(strip, width) for strip in strips]

    def _draw(self, width: int, height: int, look: Look) -> list[Strip]:
        match self.views[0]:
            case Curve() as view:
                return curve.draw(view, width, height, look)
            case Field() as view:
                return field.draw(view, width, height, look)
            case Bars() as view:
                return bars.draw(view, width, height, look)
            case Table() as view:
                return table.draw(view, width, height, look)
            case Image():
                return image.draw(self.images, width, height, look)

    def rows(self, width: int) -> tuple[int, int]:
        """The fewest strips that show anything, and the most that help."""
        match self.views[0]:
            case Curve():
                return 1, 24
            case Field() as view:
                return 3, field.size(view, width, 10**4)[1] + 2
            case Bars() as view:
                return 1, len(view.labels) + 1
            case Table() as view:
                return min(3, len(view.rows) + 2), len(view.rows) + 3
            case Image():
                return 3, image.flow(self.images, width, 10**4).height


def blocks(views: Sequence[View]) -> list[Block]:
    """The views as blocks, in their own order; the images join where the first of them stands."""
    images = tuple(view for view in views if isinstance(view, Image))
    found = []
    for view in views:
        if not isinstance(view, Image):
            found.append(Block((view,)))
        elif view is images[0]:
            found.append(Block(images))
    return found


def draw(views: Sequence[View], width: int, height: int, look: Look) -> list[Strip]:
    """All views in `width` × `height` cells, or as many as that holds."""
    todo = blocks(views)
    if not todo or width < 1 or height < 1:
        return []
    pictures, charts = [b for b in todo if b.picture], [b for b in todo if not b.picture]
    if len(todo) == 1 or width < (WIDE if height >= SHORT else WIDE // 2):
        return column(todo, width, height, look)
    below = below_pictures(pictures, charts, width, height, look) if pictures and charts else None
    if below is not None:
        top = row(pictures, width, height - below - (below > 1), look)
        gap: list[Strip] = [[]] if below > 1 else []
        return [*top, *gap, *row(charts, width, height - len(top) - len(gap), look)][:height]
    if pictures and charts:
        left = picture_width(pictures[0], charts, width, height, look)
        right = width - left - GAP
        parts = [column(pictures, left, height, look), column(charts, right, height, look)]
        return beside(parts, [left, right], GAP)
    if pictures:
        return row(pictures, width, height, look)
    half = (len(charts) + 1) // 2
    sides = [charts[:half], charts[half:]]
    across = (width - GAP) // 2
    return beside([column(side, across, height, look) for side in sides], [across, width - GAP - across], GAP)


def needs(charts: Sequence[Block], width: int, look: Look) -> int:
    """The cells that charts should have beside a picture: a table its own width, any other 24, or 2 in 5."""
    tables = [
        sum(w + 2 for w in table.widths(b.views[0], look)) for b in charts if isinstance(b.views[0], Table)
    ]
    return min(max([24, *tables]), round(width * (0.4 if width < 100 else 0.45)))


def below_pictures(
    pictures: Sequence[Block], charts: Sequence[Block], width: int, height: int, look: Look
) -> int | None:
    """The rows that charts get below pictures, or None where they had better stand beside them.

    Images are worth more to the eye the larger they are: charts go below, and down to their fewest
    rows, where that enlarges the images; and they give way altogether before an image is shrunk.
    """
    most = min(max(6, height // 3), max(b.rows(width // len(charts))[1] for b in charts))
    images = pictures[0].images
    if not images:
        return most if len(pictures) > 1 else None

    def scale(wide: int, high: int) -> float:
        return image.flow(images, wide, high).scale

    least = max(b.rows(width // len(charts))[0] for b in charts)
    beside_them = 0.0 if len(pictures) > 1 else scale(width - GAP - needs(charts, width, look), height)
    scales = {below: scale(width, height - below - (below > 1)) for below in range(most, least - 1, -1)}
    best = max(scales.values(), default=0.0)
    if max(best, beside_them) < min(1, scale(width, height)):
        return 0
    return max(b for b in scales if scales[b] == best) if best > beside_them else None


def picture_width(block: Block, charts: Sequence[Block], width: int, height: int, look: Look) -> int:
    """How wide a picture is drawn when charts stand beside it: as wide as its height allows."""
    most = width - GAP - needs(charts, width, look)
    if block.images:
        return max(image.flow(block.images, most, height).width, width // 4)
    view = block.views[0]
    assert isinstance(view, Field)  # noqa: S101  a picture is images or a field
    return max(field.size(view, most, height - 1 - (height >= field.LEGEND))[0], width // 4)


def row(todo: Sequence[Block], width: int, height: int, look: Look) -> list[Strip]:
    """Blocks side by side, equally wide."""
    across = (width - GAP * (len(todo) - 1)) // len(todo)
    return beside([b.draw(across, height, look) for b in todo], [across] * len(todo), GAP)


def column(todo: Sequence[Block], width: int, height: int, look: Look) -> list[Strip]:
    """Blocks one under another; the last are left out where not even their least fits."""
    todo = list(todo)
    wants = [b.rows(width) for b in todo]
    while len(wants) > 1 and sum(least for least, _ in wants) > height:
        wants.pop()
        todo.pop()
    gaps = len(todo) - 1 if height >= sum(least for least, _ in wants) + 4 * len(todo) else 0
    heights = share(wants, height - gaps)
    strips: list[Strip] = []
    for b, rows in zip(todo, heights, strict=True):
        if strips and gaps:
            strips.append([Segment("")])
        strips += b.draw(width, rows, look)
    return strips


def share(wants: Sequence[tuple[int, int]], height: int) -> list[int]:
    """Rows for each of several (least, most).

    First the least of each; then those that want few rows, bars and tables, get all they want as long
    as half the height stays; the rest goes to whoever has the smallest part of its most.
    """
    given = [min(least, height) for least, _ in wants]
    for k, (least, most) in enumerate(wants):
        if len(wants) > 1 and most <= height // 2 and sum(given) - least + most <= max(height * 2 // 3, 6):
            given[k] = most
    while sum(given) < height:
        hungry = [k for k, (_, most) in enumerate(wants) if given[k] < most]
        if not hungry:
            break
        given[min(hungry, key=lambda k: given[k] / wants[k][1])] += 1
    return given
