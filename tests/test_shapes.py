"""Generated pictures: shaped, labelled and repeatable; the digits where scikit-learn is."""

from __future__ import annotations

import builtins
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from dlprep.errors import DlprepError
from dlprep.nn.data.shapes import STAMPS, digits, shapes


@pytest.mark.parametrize(("size", "scale"), [(7, 1), (8, 1), (12, 1), (15, 1), (16, 2), (28, 3), (32, 4)])
def test_every_picture_holds_its_whole_shape(size: int, scale: int) -> None:
    """Without noise an image has exactly the pixels of its stamp, enlarged in large images."""
    X, y, names = shapes(np.random.default_rng(0), 40, size, noise=0)
    cells = {name: sum(line.count("#") for line in lines) for name, lines in STAMPS.items()}
    assert X.shape == (40, 1, size, size)
    assert [cells[names[label]] * scale**2 for label in y] == X.sum((1, 2, 3)).tolist()


def test_splitting_keeps_labels_with_their_images() -> None:
    """The first so many, and all others, in their order."""
    pictures = shapes(np.random.default_rng(0), 10, 12)
    first, rest = pictures.split(3)
    assert (np.concatenate([first.X, rest.X]) == pictures.X).all()
    assert first.y.tolist() == pictures.y[:3].tolist()
    assert rest.y.tolist() == pictures.y[3:].tolist()
    assert first.names == rest.names == pictures.names


def test_kinds_are_balanced_and_places_vary() -> None:
    """Each kind comes as often as any other, and in every place it fits."""
    X, y, names = shapes(np.random.default_rng(1), 400, 8, noise=0)
    assert np.bincount(y).tolist() == [100] * len(names)
    squares = X[y == names.index("square"), 0]
    assert {(int(i), int(j)) for i, j in (np.argwhere(s)[0] for s in squares)} == {
        (0, 0),
        (0, 1),
        (1, 0),
        (1, 1),
    }


def test_noise_has_the_deviation_asked_for() -> None:
    """What differs from 0 and 1 is normal noise."""
    clean, noisy = (shapes(np.random.default_rng(2), 200, 12, noise).X for noise in (0, 0.3))
    assert set(np.unique(clean)) == {0, 1}
    assert np.isclose((noisy - np.round(clean)).mean(), 0, atol=0.2)
    assert np.isclose(noisy[clean == 0].std(), 0.3, atol=0.15)


def test_same_seed_same_pictures() -> None:
    """The generator is the only source of chance."""
    first, again, other = (shapes(np.random.default_rng(seed), 9, 12).X for seed in (3, 3, 4))
    assert (first == again).all()
    assert (first != other).any()


def test_an_image_smaller_than_a_shape_is_refused() -> None:
    """A 7-pixel shape needs 7 pixels."""
    with pytest.raises(DlprepError, match="a 7-pixel shape does not fit a 6-pixel image"):
        shapes(np.random.default_rng(0), 4, 6)


def test_digits_say_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without scikit-learn the error names the extra that installs it."""
    true_import = builtins.__import__

    def no_sklearn(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("sklearn"):
            raise ImportError(name)
        return true_import(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", no_sklearn)
    with pytest.raises(DlprepError, match=r"pip install 'dlprep\[digits\]'"):
        digits(np.random.default_rng(0))


def test_digits_are_shuffled_and_scaled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Images and labels are shuffled together, and 16 grey levels become 0 … 1."""
    labels = np.arange(10)
    images = np.broadcast_to(labels[:, None, None], (10, 8, 8))
    module = ModuleType("sklearn.datasets")
    module.load_digits = lambda: SimpleNamespace(images=images, target=labels)  # type: ignore[attr-defined]  # a stand-in
    monkeypatch.setitem(sys.modules, "sklearn", ModuleType("sklearn"))
    monkeypatch.setitem(sys.modules, "sklearn.datasets", module)
    X, y, names = digits(np.random.default_rng(0))
    assert X.shape == (10, 1, 8, 8)
    assert (X[:, 0, 0, 0] * 16 == y).all()
    assert y.tolist() != labels.tolist()
    assert names == tuple("0123456789")
