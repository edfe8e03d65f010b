"""The small edits that make mutants: what an expression, or a statement, could have been by a slip of the hand.

Every function yields `(kind, replacement)`. Replacements share nodes with the original; nothing is changed in place.
"""

from __future__ import annotations

import ast
import copy
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

Edit = tuple[str, ast.expr]
Block = tuple[str, list[ast.stmt]]

_OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div, ast.Mult, ast.Mod),
    ast.Mod: (ast.FloorDiv, ast.Mult),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitXor: (ast.BitOr,),
    ast.LShift: (ast.RShift,),
    ast.RShift: (ast.LShift,),
}
_ORDERED = (ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult)
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_PAIRS = (
    "min max", "amin amax", "argmin argmax", "minimum maximum", "floor ceil", "round floor", "any all", "sum mean",
    "ones zeros", "ones_like zeros_like", "new_ones new_zeros", "rand randn", "rand_like randn_like", "tril triu",
    "cumsum cumprod", "sin cos", "sigmoid tanh", "exp expm1", "log log1p", "log2 log", "sqrt abs", "rsqrt sqrt",
    "stack cat", "softmax log_softmax", "logsumexp sum", "add_ sub_", "mul_ div_", "float double", "float32 float64",
    "int64 int32", "long int", "var std", "append extend", "keys values", "lt le", "gt ge", "eq ne", "relu abs",
    "hstack vstack", "ravel squeeze", "scatter_add_ scatter_", "index_add_ index_copy_", "uniform_ normal_",
    "logical_and logical_or", "train eval", "vmap map", "popleft pop", "startswith endswith", "split rsplit",
)  # fmt: skip
_ONE_WAY = (
    "repeat_interleave repeat", "repeat repeat_interleave", "reshape view", "mul add", "setdefault get", "inf nan",
    "bmm mul", "matmul mul", "permute reshape", "finfo iinfo", "prod sum", "sorted list", "square abs", "pow mul",
)  # fmt: skip
_NEVER_DROPPED = (ast.Pass, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.FunctionDef, ast.ClassDef)
_KEPT_CALLS = ("range", "len", "isinstance", "zip", "enumerate", "super", "print", "type", "getattr", "hasattr", "dict")


def _renames() -> dict[str, str]:
    names = dict(pair.split() for pair in _ONE_WAY)
    for pair in _PAIRS:
        one, other = pair.split()
        names.setdefault(one, other)
        names.setdefault(other, one)
    return names


_RENAMES = _renames()


@dataclass(frozen=True)
class Scope:
    """Names a piece of code could have used by mistake: local ones, and attributes of `self`."""

    names: Sequence[str] = ()
    attributes: Sequence[str] = ()


def of_expression(node: ast.expr, scope: Scope) -> Iterator[Edit]:
    """Everything that could stand in the place of an expression."""
    if isinstance(node, ast.BinOp):
        yield from _of_operation(node)
    elif isinstance(node, ast.UnaryOp):
        yield from _of_unary(node)
    elif isinstance(node, ast.Compare):
        for index, op in enumerate(node.ops):
            for other in _COMPARISONS[type(op)]:
                yield "comparison", _with(node, ops=_put(node.ops, index, [other()]))
    elif isinstance(node, ast.BoolOp):
        yield "and/or", _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        for index in range(len(node.values)):
            rest = _put(node.values, index, [])
            yield "term dropped", rest[0] if len(rest) == 1 else _with(node, values=rest)
    elif isinstance(node, ast.IfExp):
        yield "condition", node.body
        yield "condition", node.orelse
    elif isinstance(node, ast.Call):
        yield from _of_call(node, scope)
    elif isinstance(node, ast.Constant):
        yield from _of_constant(node.value)
    elif isinstance(node, (ast.Tuple, ast.List)):
        yield from (("order", _with(node, elts=items)) for items in _swapped(node.elts))
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        yield "index dropped", node.value
    elif isinstance(node, ast.Slice):
        for part in ("lower", "upper", "step"):
            if getattr(node, part) is not None:
                yield "bound dropped", _with(node, **{part: None})
    elif isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
        for index, loop in enumerate(node.generators):
            for condition in range(len(loop.ifs)):
                fewer = _with(loop, ifs=_put(loop.ifs, condition, []))
                yield "condition", _with(node, generators=_put(node.generators, index, [fewer]))
    yield from _other_name(node, scope)


def _of_operation(node: ast.BinOp) -> Iterator[Edit]:
    for other in _OPERATORS[type(node.op)]:
        yield "operator", _with(node, op=other())
    yield "term dropped", node.left
    yield "term dropped", node.right
    if isinstance(node.op, _ORDERED):
        yield "order", _with(node, left=node.right, right=node.left)


def _of_unary(node: ast.UnaryOp) -> Iterator[Edit]:
    value = _number(node)
    if value is not None:
        yield from _of_constant(value)
    else:
        yield "operator dropped", node.operand


def _number(node: ast.expr) -> Any:
    """The value of `-1` and the like; None for everything else."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        return -node.operand.value if isinstance(node.operand.value, (int, float)) else None
    return None


def is_number(node: ast.expr) -> bool:
    """Whether the node is a signed number, whose digits are no constant of their own."""
    return _number(node) is not None


def _of_constant(value: Any) -> Iterator[Edit]:
    others: list[Any] = []
    if isinstance(value, bool):
        others = [not value]
    elif isinstance(value, int):
        others = [value + 1, value - 1, *([-value] if abs(value) > 1 else [])]
    elif isinstance(value, float):
        others = [value * 1.1, -value] if value else [0.1]
    elif isinstance(value, str):
        others = list(_other_text(value))
    for other in others:
        if not (isinstance(other, float) and math.isinf(other)):
            yield "constant", _literal(other)


def _other_text(text: str) -> Iterator[str]:
    inputs, arrow, output = text.partition("->")
    if arrow and len(output) > 1:
        yield f"{inputs}->{output[:-2]}{output[-1]}{output[-2]}"
    if arrow and "," in inputs:
        first, _, rest = inputs.partition(",")
        yield f"{rest},{first}->{output}"
    if not arrow:
        yield text + "x"


def _literal(value: Any) -> ast.expr:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value < 0:
        return ast.UnaryOp(ast.USub(), ast.Constant(-value))
    return ast.Constant(value)


def _of_call(node: ast.Call, scope: Scope) -> Iterator[Edit]:
    func = node.func
    name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
    if name in _RENAMES:
        other = _RENAMES[name]
        renamed = _with(func, attr=other) if isinstance(func, ast.Attribute) else _with(func, id=other)
        yield "function", _with(node, func=renamed)
    if isinstance(func, ast.Attribute) and _is_value(func.value, scope):
        yield "call dropped", func.value
    elif node.args and name not in _KEPT_CALLS and not isinstance(node.args[0], ast.Starred):
        yield "call dropped", node.args[0]
    if name == "range" and len(node.args) < 3 and not isinstance(node.args[-1], ast.Constant):
        fewer = ast.BinOp(node.args[-1], ast.Sub(), ast.Constant(1))
        yield "range", _with(node, args=[*node.args[:-1], fewer])
        if len(node.args) == 1:
            yield "range", _with(node, args=[ast.Constant(1), *node.args])
    for arguments in _swapped(node.args):
        yield "order", _with(node, args=arguments)
    if len(node.args) > 1:
        yield "argument dropped", _with(node, args=node.args[:-1])
    for index in range(len(node.keywords)):
        yield "argument dropped", _with(node, keywords=_put(node.keywords, index, []))


def _is_value(node: ast.expr, scope: Scope) -> bool:
    """Whether a method's receiver is a value, rather than a module, `self` or `super()`."""
    while isinstance(node, ast.Attribute):
        if isinstance(node.value, ast.Name) and node.value.id == "self":
            return True
        node = node.value
    if isinstance(node, ast.Name):
        return node.id in scope.names
    return not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super")


def _other_name(node: ast.expr, scope: Scope) -> Iterator[Edit]:
    """The most similar name in scope, `pad_w` for `pad_h`; and other spellings of an attribute."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in scope.names:
        other = _closest(node.id, scope.names)
        if other:
            yield "name", _with(node, id=other)
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        if isinstance(node.value, ast.Name) and node.value.id == "self" and node.attr in scope.attributes:
            other = _closest(node.attr, scope.attributes)
            if other:
                yield "name", _with(node, attr=other)
        elif node.attr in _RENAMES:
            yield "function", _with(node, attr=_RENAMES[node.attr])


def _closest(name: str, names: Sequence[str]) -> str:
    others = [other for other in dict.fromkeys(names) if other not in (name, "self", "_")]
    return max(others, key=lambda other: SequenceMatcher(None, name, other).ratio(), default="")


def of_condition(test: ast.expr, *, loop: bool, alternative: bool) -> Iterator[Edit]:
    """What the condition of an `if` or `while` could have been as a whole."""
    if not isinstance(test, (ast.Compare, ast.UnaryOp)):
        yield "condition", ast.UnaryOp(ast.Not(), test)
    if not loop:
        yield "condition", ast.Constant(True)
        if alternative:
            yield "condition", ast.Constant(False)


def of_statement(node: ast.stmt, following: ast.stmt | None, bound: Sequence[str], *, outer: bool) -> Iterator[Block]:
    """The statements that could stand in the place of one: `bound` are the names that exist before it, `outer` says
    whether it stands directly in the body of a function."""
    if _droppable(node, bound, outer):
        yield "statement dropped", []
    if isinstance(node, ast.AugAssign):
        for operator in _OPERATORS[type(node.op)]:
            yield "operator", [_with(node, op=operator())]
        yield "term dropped", [ast.copy_location(ast.Assign([node.target], node.value), node)]
    elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        target, value = node.targets[0], node.value
        if isinstance(value, ast.BinOp) and isinstance(value.left, ast.Name) and value.left.id == target.id:
            yield "in place", [ast.copy_location(ast.AugAssign(target, value.op, value.right), node)]
        if outer and following is not None and not isinstance(following, ast.Return):
            yield "early return", [node, ast.Return(ast.Name(target.id, ast.Load()))]
    elif isinstance(node, (ast.For, ast.While)):
        if not isinstance(node.body[-1], (ast.Return, ast.Break)):
            yield "one round", [_with(node, body=[*node.body, ast.Break()])]
    elif isinstance(node, ast.Continue):
        yield "break", [ast.Break()]
    elif isinstance(node, ast.Break):
        yield "break", [ast.Continue()]
    elif isinstance(node, ast.With):
        yield "statement dropped", list(node.body)


def _droppable(node: ast.stmt, bound: Sequence[str], outer: bool) -> bool:
    """Not where the rest could only fail for lack of a name, nor where nothing would be returned at all."""
    if isinstance(node, _NEVER_DROPPED):
        return False
    if isinstance(node, (ast.Return, ast.With, ast.Break, ast.Continue)):
        return isinstance(node, ast.Return) and not outer
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        return names <= set(bound)
    return True


def _swapped(items: Sequence[ast.expr]) -> Iterator[list[ast.expr]]:
    for index in range(len(items) - 1):
        one, other = items[index], items[index + 1]
        if not isinstance(one, ast.Starred) and not isinstance(other, ast.Starred):
            yield [*items[:index], other, one, *items[index + 2 :]]


def _put(items: Sequence[Any], index: int, new: Sequence[Any]) -> list[Any]:
    return [*items[:index], *new, *items[index + 1 :]]


def _with(node: Any, **fields: Any) -> Any:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed
