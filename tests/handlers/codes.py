"""Which codes can the sources say? Reads them with `ast`: no code reaches a member without a sentence unnoticed.

A code is mostly a literal. Where it is not, `Sources.values` follows it: through a choice, a variable, a parameter to
every call of the function, a call to what the function returns, an f-string to all its readings. What cannot be
followed is an error and never silently nothing.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Unclear(AssertionError):
    """The reading ends at an expression that it cannot follow."""


@dataclass(frozen=True, slots=True)
class Place:
    """A call, in the outermost function in which it stands: what it uses may be set there."""

    function: Function
    call: ast.Call


class Sources:
    """Parsed files. `carried` says what expressions may be that only hand a code on, as `"file: expression"`."""

    def __init__(self, files: Iterable[Path], carried: Mapping[str, Iterable[str]]) -> None:
        self._carried = {text: frozenset(codes) for text, codes in carried.items()}
        self._files: dict[Function, Path] = {}
        self.functions: dict[str, list[Function]] = {}
        # By the last part of what is called.
        self._places: dict[str, list[Place]] = {}
        for file in files:
            for function in _outermost(ast.parse(file.read_text(encoding="utf-8"))):
                self._files[function] = file
                self.functions.setdefault(function.name, []).append(function)
                calls = (node for node in ast.walk(function) if isinstance(node, ast.Call))
                for call in calls:
                    self._places.setdefault(called(call), []).append(Place(function, call))

    def function(self, file: str, name: str) -> Function:
        """A function or method of the file `file`."""
        return next(function for function in self.functions[name] if self._files[function].stem == file)

    def calls(self, name: str) -> Iterator[Place]:
        """The calls of a function or method, written as `name` or as `module.name`."""
        of, _, last = name.rpartition(".")
        return (place for place in self._places.get(last, ()) if not of or ast.unparse(place.call.func) == name)

    def values(self, node: ast.expr | None, function: Function, part: int | None = None) -> set[str]:
        """The texts that an expression may be; of a tuple, its element `part`. Raises Unclear."""
        match node:
            case None | ast.Constant(value=None):
                return set()
            case ast.Constant(value=str() as text):
                return {text}
            case ast.IfExp(body=one, orelse=other):
                return self.values(one, function, part) | self.values(other, function, part)
            case ast.Await(value=inner):
                return self.values(inner, function, part)
            case ast.Tuple(elts=elements) if part is not None:
                return self.values(elements[part], function)
            case ast.JoinedStr(values=pieces):
                read = [self.values(piece, function) for piece in pieces]
                return {"".join(texts) for texts in product(*read)}
            case ast.FormattedValue(value=inner):
                return self.values(inner, function)
            case ast.Call():
                return self._returned(node, function, part)
            case ast.Name(id=name):
                return self._named(name, function)
        handed_on = f"{self._files[function].stem}: {ast.unparse(node)}"
        if handed_on in self._carried:
            return set(self._carried[handed_on])
        raise Unclear(f"cannot tell what this may be (line {node.lineno}): {handed_on}")

    def _returned(self, call: ast.Call, caller: Function, part: int | None) -> set[str]:
        owner = ast.unparse(call.func).rpartition(".")[0]
        known = [each for each in self.functions.get(called(call), []) if self._reaches(caller, each)]
        own = [function for function in known if self._files[function].stem == owner] or known
        if not own:
            raise Unclear(f"cannot tell what this returns (line {call.lineno}): {ast.unparse(call)}")
        return {text for function in own for text in self.returns(function, part)}

    def returns(self, function: Function, part: int | None = None) -> set[str]:
        """The texts that a function may return; of a tuple, its element `part`."""
        given = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
        return {text for value in given for text in self.values(value, function, part)}

    def _reaches(self, caller: Function, function: Function) -> bool:
        """A private name means the one in the caller's own file."""
        return not function.name.startswith("_") or self._files[caller] == self._files[function]

    def _named(self, name: str, function: Function) -> set[str]:
        texts: set[str] = set()
        for value, part in _assigned(name, function):
            texts |= self.values(value, function, part)
        if name in _parameters(function):
            for place in self.calls(function.name):
                if fits(place.call, function) and self._reaches(place.function, function):
                    texts |= self.values(argument(place.call, function, name), place.function)
        if not texts:
            raise Unclear(f"{function.name}: cannot tell what {name} may be")
        return texts


def _outermost(tree: ast.Module) -> Iterator[Function]:
    """Functions and methods that stand in no other function."""
    for node in tree.body:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        yield from (function for function in inner if isinstance(function, Function))


def called(call: ast.Call) -> str:
    """The last part of what is called."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _parameters(function: Function) -> list[str]:
    named = [a.arg for a in [*function.args.posonlyargs, *function.args.args]]
    return [*(named[1:] if named[:1] == ["self"] else named), *(a.arg for a in function.args.kwonlyargs)]


def fits(call: ast.Call, function: Function) -> bool:
    """Whether a call may be one of this function, and not of another that has its name."""
    names, free = _parameters(function), len(function.args.defaults) + len(function.args.kw_defaults)
    given = {k.arg for k in call.keywords if k.arg}
    known = function.args.kwarg is not None or given <= set(names)
    return known and len(names) - free <= len(call.args) + len(given & set(names)) <= len(names)


def argument(call: ast.Call, function: Function, name: str) -> ast.expr | None:
    """What a call gives for a parameter."""
    by_name = {k.arg: k.value for k in call.keywords}
    place = _parameters(function).index(name)
    return by_name.get(name) or (call.args[place] if place < len(call.args) else None)


def _assigned(name: str, function: Function) -> Iterator[tuple[ast.expr, int | None]]:
    """What a variable is set to: a value, or one place of a tuple."""
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=found)], value=value) if found == name:
                yield value, None
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=value):
                yield from ((value, n) for n, e in enumerate(names) if isinstance(e, ast.Name) and e.id == name)
            case ast.For(target=ast.Name(id=found), iter=ast.Tuple(elts=values)) if found == name:
                yield from ((value, None) for value in values)
