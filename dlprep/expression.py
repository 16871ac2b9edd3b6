"""A small arithmetic language, safe to read from anybody's file.

It knows + - * / // % ** and comparisons (1 when true, 0 when false), the functions and constants below,
and lists of at most 64 numbers for them to take. Everything else is refused before anything is computed;
nothing is ever given to eval. Powers and sizes are capped, so no expression can run long.
"""

from __future__ import annotations

import ast
import math
import operator
import warnings
from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple, TypeAlias

Number: TypeAlias = int | float
Value: TypeAlias = Number | tuple[Number, ...]

MAX_TEXT = 300  # characters
MAX_LIST = 64
MAX_BITS = 4096  # of a whole number

CONSTANTS: dict[str, float] = {"pi": math.pi, "e": math.e}
ONE_NUMBER: dict[str, Callable[[Number], Number]] = {
    "abs": abs,
    "floor": math.floor,
    "ceil": math.ceil,
    "round": round,
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "log2": math.log2,
    "sin": math.sin,
    "cos": math.cos,
}
MANY_NUMBERS: dict[str, Callable[[tuple[Number, ...]], Number]] = {"min": min, "max": max, "sum": sum}
BINARY: dict[type[ast.operator], Callable[[Number, Number], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
COMPARE: dict[type[ast.cmpop], Callable[[Number, Number], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
FUNCTIONS = (*ONE_NUMBER, *MANY_NUMBERS)
KNOWN = (*CONSTANTS, *FUNCTIONS)


class ExpressionError(ValueError):
    """An expression that cannot be read or computed. `column` counts characters from 0."""

    def __init__(self, message: str, column: int = 0, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.column, self.hint = message, column, hint


class Expression(NamedTuple):
    """An expression that was read and found to be one, and the names it needs."""

    text: str
    names: frozenset[str]


def read(text: str, given: Collection[str] = ()) -> Expression:
    """`text` as an expression over the names in `given`.

    Raises:
        ExpressionError: it is not one; says what and in which column.
    """
    if len(text) > MAX_TEXT:
        raise ExpressionError(f"an expression may have {MAX_TEXT} characters; this has {len(text)}")
    written, lead = text.strip(), len(text) - len(text.lstrip())
    names: set[str] = set()
    try:
        tree = _parse(written)
        _check(tree, written, given, names)
    except ExpressionError as error:
        raise ExpressionError(error.message, lead + error.column, error.hint) from None
    return Expression(written, frozenset(names))


def evaluate(expression: Expression, values: Mapping[str, Value]) -> Number:
    """The finite number an expression comes to.

    Raises:
        ExpressionError: it divides by zero, leaves a function's domain, or grows too large.
    """
    try:
        value = _value(_parse(expression.text), values)
        finite = isinstance(value, tuple) or math.isfinite(value)
    except ExpressionError:
        raise
    except ZeroDivisionError:
        raise ExpressionError("divides by zero") from None
    except (OverflowError, RecursionError):
        raise ExpressionError("grows too large") from None
    except ValueError:
        raise ExpressionError("leaves the domain of a function, as sqrt(-1) does") from None
    if isinstance(value, tuple):
        raise ExpressionError("is a list, where a number is needed")
    if not finite:
        raise ExpressionError("is not finite")
    return value


@lru_cache(maxsize=4096)
def _parse(text: str) -> ast.expr:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's advice on odd literals is not for authors of banks
            return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise ExpressionError("not an expression", max(0, (error.offset or 1) - 1)) from None
    except (ValueError, MemoryError, RecursionError):
        raise ExpressionError("not an expression") from None


def _check(node: ast.expr, text: str, given: Collection[str], names: set[str]) -> None:
    """Refuse every node that is not in the language; collect the names used."""
    match node:
        case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
            return
        case ast.Name(id=name):
            if name not in given and name not in CONSTANTS:
                near = get_close_matches(name, [*given, *KNOWN], n=1)
                hint = f"did you mean `{near[0]}`?" if near else f"given: {', '.join(given) or 'nothing'}"
                raise ExpressionError(f"`{name}` is not given", _column(node, text), hint)
            names.add(name)
            return
        case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
            parts = [node.operand]
        case ast.BinOp(op=op) if type(op) in BINARY:
            parts = [node.left, node.right]
        case ast.Compare(ops=ops) if all(type(op) in COMPARE for op in ops):
            parts = [node.left, *node.comparators]
        case ast.List(elts=items) if 0 < len(items) <= MAX_LIST:
            parts = items
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if (
            name in ONE_NUMBER and len(args) == 1
        ):
            parts = args
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in MANY_NUMBERS and args:
            parts = args
        case ast.Call(func=ast.Name(id=name)) if name not in FUNCTIONS:
            near = get_close_matches(name, FUNCTIONS, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"there are: {', '.join(FUNCTIONS)}"
            raise ExpressionError(f"`{name}` is not a function", _column(node, text), hint)
        case _:
            hint = f"an expression has + - * / // % **, comparisons, small lists and {' '.join(KNOWN)}"
            raise ExpressionError("this cannot stand in an expression", _column(node, text), hint)
    for part in parts:
        _check(part, text, given, names)


def _value(node: ast.expr, values: Mapping[str, Value]) -> Value:
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.Name(id=name):
            return values[name] if name in values else CONSTANTS[name]
        case ast.UnaryOp(op=op, operand=inner):
            number = _number(inner, values)
            return -number if isinstance(op, ast.USub) else number
        case ast.BinOp(left=left, op=op, right=right):
            return _binary(op, _number(left, values), _number(right, values))
        case ast.Compare(left=left, ops=ops, comparators=others):
            numbers = [_number(part, values) for part in (left, *others)]
            return int(
                all(COMPARE[type(op)](a, b) for a, op, b in zip(numbers, ops, numbers[1:], strict=False))
            )
        case ast.List(elts=items):
            return tuple(_number(item, values) for item in items)
        case ast.Call(func=ast.Name(id=name), args=args) if name in ONE_NUMBER:
            return _capped(ONE_NUMBER[name](_number(args[0], values)))
        case ast.Call(func=ast.Name(id=name), args=args):
            return _capped(MANY_NUMBERS[name](_numbers(args, values)))
    raise ExpressionError("this cannot stand in an expression")  # _check lets nothing else through


def _number(node: ast.expr, values: Mapping[str, Value]) -> Number:
    value = _value(node, values)
    if isinstance(value, tuple):
        raise ExpressionError("takes a list where it needs a number")
    return value


def _numbers(args: list[ast.expr], values: Mapping[str, Value]) -> tuple[Number, ...]:
    """The arguments of min, max or sum: numbers, or one list of them."""
    if len(args) == 1:
        value = _value(args[0], values)
        return value if isinstance(value, tuple) else (value,)
    return tuple(_number(arg, values) for arg in args)


def _binary(op: ast.operator, a: Number, b: Number) -> Number:
    if (
        isinstance(op, ast.Pow)
        and isinstance(a, int)
        and isinstance(b, int)
        and abs(a) > 1
        and a.bit_length() * abs(b) > MAX_BITS
    ):
        raise OverflowError
    value = BINARY[type(op)](a, b)
    if isinstance(value, complex):
        raise ExpressionError("takes an even root of a negative number")
    return _capped(value)


def _capped(value: Number) -> Number:
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        raise OverflowError
    return value


def _column(node: ast.expr, text: str) -> int:
    """A node's column in characters; ast counts UTF-8 bytes."""
    return len(text.encode()[: node.col_offset].decode("utf-8", "ignore"))
