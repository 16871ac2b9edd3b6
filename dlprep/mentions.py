"""Whether typed words mention a rubric point: enough of the point's telling words, whatever their ending."""

from __future__ import annotations

import re

ENOUGH = 0.4  # the share of a point's telling words that must turn up
STEM = 5  # letters by which two words are taken for one

COMMON = frozenset(
    # one string: a list of a hundred quoted words reads worse
    """
    a about after all also an and any are as at be because been before both but by can cannot do does
    each every for from get gets given goes had has have if in into is it its just less many may mean
    means more most must no not of on once one only or other out over per same see since so some such
    take takes than that the their them then there these they this those through to too up use used uses
    using very was were what when where whether which while who why will with without would you your
    """.split()  # noqa: SIM905
)
NUMBER_WORDS = {"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "half": "½"}


def mentions(words: str, point: str) -> bool:
    """Whether `words` say enough of what `point` says to tick it beforehand."""
    wanted = stems(point)
    if not wanted:
        return False
    said = stems(words)
    return len(wanted & said) >= max(min(2, len(wanted)), ENOUGH * len(wanted))


def stems(text: str) -> frozenset[str]:
    """The telling words of a text, cut to their first letters; British and American spellings agree."""
    found = re.findall(r"[^\W_]+", text.casefold())
    return frozenset(_stem(word) for word in found if word not in COMMON)


def _stem(word: str) -> str:
    word = NUMBER_WORDS.get(word, word).replace("z", "s").replace("our", "or")
    return word[:STEM]
