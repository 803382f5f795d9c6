"""What the service says of wrong input and of molecules, as it stands in the source, with {} for what varies.

Read from the syntax trees, so that a sentence that is added is found without being provoked.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

from atomlens import errors

ROOT = Path(errors.__file__).parent
#: They speak to who starts the server, or to the command line.
NOT_SHOWN = {"api/server.py", "explain/npz.py"}
#: Their errors and remarks reach the page; those of the command line and of training do not.
PARTS = ("chem", "networks", "explain", "storage", "service", "api")
ERRORS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
#: Other calls that carry words for people: the first argument that is one, and the names of those that have one.
WORDS = {"Geometry": (2,), "number": (2,), "check_size": (2, "counted"), "Kept": (3, "again"), "_check_finite": (0,)}
#: A whole sentence, among the strings that functions return.
SENTENCE = re.compile(r"[A-Z{][^<]* [^<]*[.?]")
HOLE = "{}"


def templates() -> dict[str, str]:
    """Every sentence, or part of one, with the module that says it."""
    found: dict[str, str] = {}
    for part in PARTS:
        for path in sorted((ROOT / part).rglob("*.py")):
            if str(path.relative_to(ROOT)) in NOT_SHOWN:
                continue
            for text in _Module(ast.parse(path.read_text("utf-8"))).sentences():
                if any(character.isalpha() for character in text):
                    found.setdefault(text, str(path.relative_to(ROOT)))
    return found


class _Module:
    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.constants = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }
        self.functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
        #: functions of this module that make an error or a remark of words that they are given
        self.makers = {f.name for f in self.functions if f.returns is not None and ast.unparse(f.returns) in ERRORS}

    def sentences(self) -> Iterator[str]:
        for name, value in self.constants.items():
            if name.endswith("_WARNING"):
                yield from self.texts(value, {})
        for function in self.functions:
            local = _assigned(function)
            for name in ("warnings", "warning", "note", "how", "sentence"):
                for value in local.get(name, []):
                    yield from self.worded(value, local)
            if function.name in ("origin", "_note", "sentence"):
                for node in ast.walk(function):
                    if isinstance(node, ast.Return) and node.value is not None:
                        yield from self.worded(node.value, local)
            for node in ast.walk(function):
                if isinstance(node, ast.Call):
                    yield from self.of_call(node, local)
                elif isinstance(node, ast.Return) and isinstance(node.value, ast.JoinedStr | ast.Tuple | ast.IfExp):
                    yield from (text for text in self.worded(node.value, local) if SENTENCE.fullmatch(text))

    def of_call(self, call: ast.Call, local: dict[str, list[ast.expr]]) -> Iterator[str]:
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        again = isinstance(call.func, ast.Call) and ast.unparse(call.func.func) == "type"
        if name in ERRORS or again:
            words = [*call.args[:1], *(k.value for k in call.keywords if k.arg == "hint")]
        elif name in self.makers or name == "no_geometry":
            words = list(call.args)
        elif name in WORDS:
            first, *named = WORDS[name]
            words = [*call.args[first:], *(k.value for k in call.keywords if k.arg in named)]
        elif name == "append" and ast.unparse(call.func) in ("warnings.append", "others.append"):
            words = call.args
        else:
            return
        for word in words:
            yield from self.worded(word, local)

    def worded(self, node: ast.expr, local: dict[str, list[ast.expr]]) -> Iterator[str]:
        """The texts of an expression, and of the local names in it."""
        if isinstance(node, ast.Tuple | ast.List):
            for element in node.elts:
                yield from self.worded(element, local)
            return
        if isinstance(node, ast.Starred):
            yield from self.worded(node.value, local)
            return
        if isinstance(node, ast.IfExp):
            yield from self.worded(node.body, local)
            yield from self.worded(node.orelse, local)
            return
        yield from self.texts(node, local)
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and inner.id in local:
                for value in local[inner.id]:
                    rest = {name: values for name, values in local.items() if name != inner.id}
                    if isinstance(value, ast.Constant | ast.JoinedStr | ast.IfExp):
                        yield from self.worded(value, rest)

    def texts(self, node: ast.expr, local: dict[str, list[ast.expr]]) -> list[str]:
        """What an expression can read, {} for what it takes from elsewhere."""
        match node:
            case ast.Constant(value=str(text)):
                return [text]
            case ast.JoinedStr(values=values):
                return ["".join(parts) for parts in itertools.product(*(self.texts(value, local) for value in values))]
            case ast.FormattedValue(value=ast.IfExp() | ast.Name() as value):
                return self.texts(value, local)
            case ast.IfExp(body=body, orelse=orelse):
                return self.texts(body, local) + self.texts(orelse, local)
            case ast.Name(id=name) if name in self.constants and name not in local:
                return self.texts(self.constants[name], local)
        return [HOLE]


def _assigned(function: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, list[ast.expr]]:
    """The values that each local name is given; a parameter has none."""
    found: dict[str, list[ast.expr]] = {
        argument.arg: [] for argument in ast.walk(function.args) if isinstance(argument, ast.arg)
    }
    for node in ast.walk(function):
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            if isinstance(target, ast.Name):
                found.setdefault(target.id, []).append(node.value)
            elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                for name, value in zip(target.elts, node.value.elts, strict=False):
                    if isinstance(name, ast.Name):
                        found.setdefault(name.id, []).append(value)
    return found
