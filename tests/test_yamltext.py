"""Strict YAML: text and places, one verdict from both parsers, and nothing that explodes."""

from __future__ import annotations

import string
import time
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dlprep import yamltext
from dlprep.yamltext import Mapping, Node, Scalar, YamlError

PARSERS = (yaml.CSafeLoader, yaml.SafeLoader)
# Pieces of YAML, and of the mistakes people make in it.
PIECES = (
    *(
        "a",
        "b c",
        "é",
        "😀",
        "no",
        "1",
        "~",
        " ",
        "  ",
        "\n",
        "\n  ",
        "\n- ",
        "- ",
        "-",
        ": ",
        ":",
        "k: ",
        "k: [",
    ),
    *("? ", "?", ", ", ",", "[", "]", "{", "}", "'", '"', "'x'", '"y"', " #", " # ", "#", "|", ">", "|\n  "),
    *("|2\n  ", ">-\n  ", "\\", "\\n", '\\"', "---", "...", "\n---\n", "\n...\n", "&", "*", "!", "%", "@"),
    *(
        "`",
        "+",
        "=",
        "<<",
        "k: v\n",
        "x: y\n  ",
        "\r",
        "\r\n",
        "\t",
        "\x85",
        "\xa0",
        "\u2028",
        "\ufeff",
        "\x1b",
    ),
)


def parsed(text: str, parser: type = yaml.SafeLoader) -> Any:
    """The tree of a text, or None where it is refused (an empty document is a tuple)."""
    try:
        return (yamltext.parse(yamltext.decode(text.encode("utf-8", "surrogatepass"), "x"), "x", parser),)
    except YamlError:
        return None


def plain(node: Node | None) -> Any:
    """A tree without its marks."""
    match node:
        case None:
            return None
        case Scalar(text):
            return text
        case Mapping(entries):
            return {name: plain(value) for name, value in entries.items()}
    return [plain(item) for item in node.items]


def refusal(text: str, parser: type = yaml.SafeLoader) -> YamlError:
    """The complaint that a text draws."""
    with pytest.raises(YamlError) as caught:
        yamltext.parse(yamltext.decode(text.encode(), "x"), "x", parser)
    return caught.value


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@example("{a:, b}")
@example("[a:, b]")
@example("[?]")
@example("[what?, b]")
@example("a: |#c\n x")
@example("a: |2#\n  x")
@example("? a")
@example("---")
@example("{a: }")
@example("? " + "x" * 2000 + "\n: a")
@example("x" * 1025 + ": a")
@example("- - - a")
@example("a: b\n...\n---\nc: d")
def test_both_parsers_give_one_verdict_and_one_tree(text: str) -> None:
    """What libyaml accepts the Python parser accepts, with the same texts at the same places."""
    c, python = (parsed(text, parser) for parser in PARSERS)
    assert c == python


@settings(deadline=None, max_examples=150)
@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text crashes the reader of YAML; both parsers agree on it."""
    c, python = (parsed(text, parser) for parser in PARSERS)
    assert c == python


@settings(deadline=None, max_examples=100)
@given(st.binary())
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    """Decoding gives text without a control character but the newline, or says where it cannot."""
    try:
        text = yamltext.decode(data, "x")
    except YamlError as error:
        text = yamltext.glimpse(data)[error.mark.line - 1]
        assert error.mark.column <= len(text) + 1  # noqa: PT017  either outcome is right
    else:
        assert all(c == "\n" or c.isprintable() or c in "\xa0\xad" or ord(c) > 0xFF for c in text)


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", None),
        ("# only", None),
        ("---\n...\n", None),
        ("a: no", {"a": "no"}),
        (
            "a: 1e3\nb: 0123\nc: 1:30\nd: 1_000\ne: 1.10",
            {"a": "1e3", "b": "0123", "c": "1:30", "d": "1_000", "e": "1.10"},
        ),
        ("a: 2024-13-01", {"a": "2024-13-01"}),
        ("a: " + "7" * 5000, {"a": "7" * 5000}),
        ("1: a\ntrue: b", {"1": "a", "true": "b"}),
        ("a:\nb: ~\nc: ''", {"a": "", "b": "~", "c": ""}),
        ("<<: a\n=: b", {"<<": "a", "=": "b"}),
        ("- - - a", [[["a"]]]),
        ("a: b # c", {"a": "b"}),
        ("a: b#c", {"a": "b#c"}),
        ("a: 'x''y'", {"a": "x'y"}),
        ('a: "\\"x\\\\"', {"a": '"x\\'}),
        ('"a \\"b\\"": c', {'a "b"': "c"}),
        ("a: |\n  x\n   y\n\nb: >-\n  x\n  y", {"a": "x\n y\n", "b": "x y"}),
        ("a: [b, c: d, {e: f}]", {"a": ["b", {"c": "d"}, {"e": "f"}]}),
        ("a: b?\nc: [\"d?\", 'e?']", {"a": "b?", "c": ["d?", "e?"]}),
        ("[a]\n", ["a"]),
        ("a: [b]\nc: really?", {"a": ["b"], "c": "really?"}),
        ("a: " + "x " * 50_000, {"a": ("x " * 50_000).strip()}),
    ],
)
def test_text_stays_as_it_is_written(text: str, tree: Any, parser: type) -> None:
    """Nothing is resolved: numbers, flags and dates stay the characters they are."""
    assert plain(yamltext.parse(text, "x", parser)) == tree


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(
    ("text", "place", "part"),
    [
        ("a: b\nc: d\na: e", "x:3:1", "`a` is given twice"),
        ("a: &x b", "x:1:4", "anchor `&x`"),
        ("a: *x", "x:1:4", "alias `*x`"),
        ("a: !!python/object/apply:os.system [id]", "x:1:4", "tag"),
        ("a: b\n---\nc: d", "x:2:1", "second document"),
        ("[a]: b", "x:1:1", "a key must be plain text"),
        ("? a\n: b", "x:1:1", "a key may not stand after a `?`"),
        ("# really?\na:\n  # ?\n  ? b", "x:4:3", "a key may not stand after a `?`"),
        ("a: [b,\n  😀 c?]", "x:2:6", "needs quotes inside"),
        ("{a:, b}", "x:1:3", "a colon needs a space"),
        ("a: >-#b\n  c", "x:1:6", "a comment needs a space"),
        ("a: the #1", "x:1:8", "`#1` reads as a comment"),
        ("a: [b #1\n]", "x:1:7", "`#1` reads as a comment"),
        ('a: "\\alpha"', "x:1:5", "`\\a` in double quotes"),
        ('a: "b\n  \\n"', "x:2:3", "`\\n` in double quotes"),
        ('a: "b\n  \\c"', "x:2:3", "`\\c` in double quotes"),
        ('a: "b\\\n  c"', "x:1:6", "`\\` in double quotes"),
        ('a: "\\\\\\e"', "x:1:7", "`\\e` in double quotes"),
        ('"\\e[31m": b', "x:1:2", "`\\e` in double quotes"),
        ('😀: "\\x9b"', "x:1:5", "`\\x` in double quotes"),
        ("a: |\n  b\n%c", "x:3:1", "may not start with %"),
        ("a: 'b\nc: d\n", "x:1:4", "not valid YAML"),
        ("- " * 25 + "a", "x:1:41", "nested more than 20"),
    ],
)
def test_what_a_bank_may_not_use_is_refused_at_its_place(
    text: str, place: str, part: str, parser: type
) -> None:
    """The refusal names the line, the column in characters, and the reason."""
    error = refusal(text, parser)
    assert str(error.where) == place
    assert part in error.message


def merge_bomb() -> str:
    """Nine levels of nine merges: 3.9e8 entries in less than a kilobyte."""
    lines = ["a0: &a0 {x: y}"]
    lines += [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 10)]
    return "\n".join(lines)


def alias_bomb() -> str:
    """The billion laughs."""
    lines = ["a0: &a0 lol"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    return "\n".join(lines)


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("bomb", [merge_bomb(), alias_bomb()], ids=["merge", "alias"])
def test_a_bomb_is_refused_before_it_grows(bomb: str, parser: type) -> None:
    """A kilobyte of aliases stops at its first anchor, in well under a tenth of a second."""
    assert len(bomb) < 1000
    start = time.process_time()
    assert str(refusal(bomb, parser).where) == "x:1:5"
    assert time.process_time() - start < 0.1


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("opening", ["[", "{", "- ", "? ", "a: [", "[a: "])
def test_a_hundred_thousand_levels_are_refused(opening: str, parser: type) -> None:
    """Depth costs neither the stack nor the process, whichever parser reads it."""
    error = refusal(opening * 100_000, parser)
    assert error.mark.line == 1


@settings(deadline=None, max_examples=60)
@given(st.text(string.ascii_letters + " \\é重😀", min_size=1))
def test_double_quotes_hold_their_text_or_are_refused(text: str) -> None:
    """Text in double quotes is never changed silently: LaTeX is refused, not read as an escape."""
    tree = parsed(f'a: "{text}"')
    if tree is not None:
        assert plain(tree[0]) == {"a": text.replace("\\\\", "\\")}


@settings(deadline=None, max_examples=100)
@given(st.from_regex(r"[ -~é重😀]*", fullmatch=True), st.integers(0, 3))
def test_a_mark_counts_characters(text: str, indent: int) -> None:
    """A value's column is where the file shows it, however wide the characters before it."""
    found = parsed(f"{' ' * indent}重😀: '{text.replace(chr(39), chr(39) * 2)}'")
    assert found is not None
    value = found[0].entries["重😀"]
    assert value.text == text
    assert (value.mark.line, value.mark.column) == (1, indent + 5)
