"""The house rules that a machine can check: who may import whom, what views and actions look like."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from tests.house import NOBODY, PAIRS, STEPS, UNRECORDED

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "bihuan"
ROOMS: list[str] = settings.ROOMS
PRIVATE = {"views", "forms", "api", "urls"}
LONGEST = 400

FORBIDDEN_CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("timezone", "now"),
    ("timezone", "localdate"),
    ("time", "time"),
}
BLIND = {"Exception", "BaseException"}
VERB = re.compile(r"^[a-z][a-z_]*\.[a-z][a-z_]*$")

Breaches = list[str]


def python_files(*, tests: bool = False) -> list[Path]:
    """Our modules, without migrations; with the tests only when asked."""
    found = (path for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts)
    return [path for path in found if tests or not is_test(path)]


def is_test(path: Path) -> bool:
    return "tests" in path.relative_to(ROOT).parts


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def imports_of(path: Path) -> Iterator[tuple[ast.AST, str]]:
    """Every dotted name that a module imports, `from a import b` as a.b."""
    package = list(path.relative_to(ROOT).with_suffix("").parts[:-1])
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*package[: len(package) - node.level + 1], *([base] if base else [])])
            for alias in node.names:
                yield node, f"{base}.{alias.name}"


def nodes(kind: type[ast.AST], files: list[Path]) -> Iterator[tuple[Path, ast.AST]]:
    for path in files:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, kind):
                yield path, node


def in_a_room(path: Path) -> bool:
    return room_of(path) in ROOMS


def is_view(path: Path) -> bool:
    parts = path.relative_to(PACKAGE).parts
    return path.name in ("views.py", "api.py") or bool({"views", "api"} & set(parts[1:-1]))


def test_a_room_imports_only_rooms_below_it() -> None:
    breaches: Breaches = []
    for path in filter(in_a_room, python_files()):
        own = ROOMS.index(room_of(path))
        for node, name in imports_of(path):
            parts = name.split(".")
            if parts[0] != "bihuan" or len(parts) < 2:
                continue
            if parts[1] == "config":
                breaches.append(f"{place(path, node)}: a room imports bihuan.config")
            elif parts[1] in ROOMS and ROOMS.index(parts[1]) > own:
                breaches.append(f"{place(path, node)}: {ROOMS[own]} imports {parts[1]}, which is above it")
    assert not breaches, "\n".join(breaches)


def test_no_room_uses_anothers_pages() -> None:
    breaches: Breaches = []
    for path in filter(in_a_room, python_files()):
        for node, name in imports_of(path):
            parts = name.split(".")
            others = (
                len(parts) > 2 and parts[0] == "bihuan" and parts[1] in ROOMS and parts[1] != room_of(path)
            )
            if others and PRIVATE & set(parts[2:]):
                breaches.append(f"{place(path, node)}: imports {name}")
    assert not breaches, "\n".join(breaches)


def test_the_product_does_not_import_its_tests() -> None:
    breaches = [
        f"{place(path, node)}: imports {name}"
        for path in python_files()
        for node, name in imports_of(path)
        if name.startswith("bihuan.") and ".tests" in name
    ]
    assert not breaches, "\n".join(breaches)


def test_views_are_thin() -> None:
    breaches: Breaches = []
    for path in filter(is_view, python_files()):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Try):
                breaches.append(f"{place(path, node)}: try/except in a view")
            elif isinstance(node, ast.Attribute) and node.attr in (
                "objects",
                "_default_manager",
                "_base_manager",
            ):
                breaches.append(f"{place(path, node)}: .{node.attr} in a view; reads belong in queries.py")
            elif isinstance(node, ast.Attribute) and node.attr == "holds":
                breaches.append(f"{place(path, node)}: .{node.attr} in a view; rights belong in rules.py")
    assert not breaches, "\n".join(breaches)


def test_views_that_answer_get_answer_head() -> None:
    """What watches a site asks for the head alone: `require_safe`, not `require_GET`."""
    found = [
        place(path, node)
        for path in python_files()
        if is_view(path)
        for node, name in imports_of(path)
        if name.endswith(".require_GET")
    ]
    assert not found, found


def test_there_are_no_signals() -> None:
    breaches = [
        f"{place(path, node)}: imports {name}"
        for path in python_files()
        for node, name in imports_of(path)
        if name.startswith("django.dispatch") or "signals" in name.split(".")
    ]
    assert not breaches, "\n".join(breaches)


def test_nothing_swallows_every_error() -> None:
    breaches: Breaches = []
    for path, node in nodes(ast.ExceptHandler, python_files(tests=True)):
        assert isinstance(node, ast.ExceptHandler)
        caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        for one in caught:
            if one is None or (isinstance(one, ast.Name) and one.id in BLIND):
                breaches.append(f"{place(path, node)}: catches everything")
    for path, node in nodes(ast.Call, python_files(tests=True)):
        assert isinstance(node, ast.Call)
        suppresses = getattr(node.func, "id", getattr(node.func, "attr", "")) == "suppress"
        if suppresses and any(isinstance(arg, ast.Name) and arg.id in BLIND for arg in node.args):
            breaches.append(f"{place(path, node)}: suppresses everything")
    assert not breaches, "\n".join(breaches)


def test_only_the_clock_knows_the_time() -> None:
    breaches: Breaches = []
    for path in python_files():
        if path == PACKAGE / "core" / "clock.py":
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Attribute):
                owner = (
                    node.value.attr
                    if isinstance(node.value, ast.Attribute)
                    else getattr(node.value, "id", "")
                )
                if (owner, node.attr) in FORBIDDEN_CLOCKS:
                    breaches.append(f"{place(path, node)}: {owner}.{node.attr}; use bihuan.core.clock")
                if node.attr == "date" and ast.unparse(node.value) in ("now()", "clock.now()"):
                    breaches.append(f"{place(path, node)}: the date in UTC; the district's is today()")
            elif isinstance(node, ast.keyword) and node.arg in ("auto_now", "auto_now_add"):
                breaches.append(
                    f"{path.relative_to(ROOT)}:{node.value.lineno}: {node.arg}; use bihuan.core.clock"
                )
        for node, name in imports_of(path):
            if name in ("django.utils.timezone.now", "django.db.models.functions.Now"):
                breaches.append(f"{place(path, node)}: imports {name}; use bihuan.core.clock")
    assert not breaches, "\n".join(breaches)


# -- actions ------------------------------------------------------------------------------------------


def functions_in(path: Path) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in tree_of(path).body if isinstance(node, ast.FunctionDef)}


def action_files(room: str) -> list[Path]:
    folder = PACKAGE / room / "actions"
    if folder.is_dir():
        return sorted(path for path in folder.glob("*.py") if path.name != "__init__.py")
    return [path for path in [PACKAGE / room / "actions.py"] if path.exists()]


def offered(room: str) -> set[str]:
    """The actions of a room: what its package offers, or the public functions of the one module."""
    init = PACKAGE / room / "actions" / "__init__.py"
    if not init.exists():
        return {
            name for path in action_files(room) for name in functions_in(path) if not name.startswith("_")
        }
    return {alias.asname or alias.name for node in tree_of(init).body if isinstance(node, ast.ImportFrom)
            for alias in node.names}  # fmt: skip


def calls(function: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            found.add(getattr(node.func, "id", getattr(node.func, "attr", "")))
        elif isinstance(node, ast.Name):
            found.add(node.id)  # a helper handed on as an argument
    return found


def records(name: str, functions: dict[str, ast.FunctionDef], seen: frozenset[str] = frozenset()) -> bool:
    """Whether a function reaches record(), itself or through the helpers of its room's actions."""
    called = calls(functions[name])
    if "record" in called:
        return True
    return any(
        records(other, functions, seen | {name})
        for other in called & functions.keys() - seen - {name}
    )  # fmt: skip


def is_atomic(function: ast.FunctionDef) -> bool:
    return any(
        ast.unparse(decorator).startswith("transaction.atomic") for decorator in function.decorator_list
    )


ACTIONS = [
    (room, name)
    for room in ROOMS
    for name in sorted(offered(room))
    if f"{room}.{name}" not in STEPS
    and any(name in functions_in(path) for path in action_files(room))
]  # fmt: skip


@pytest.mark.parametrize(("room", "name"), ACTIONS, ids=[f"{room}.{name}" for room, name in ACTIONS])
def test_an_action_says_who_and_records(room: str, name: str) -> None:
    functions: dict[str, ast.FunctionDef] = {}
    for path in action_files(room):
        functions |= functions_in(path)
    action = functions[name]
    arguments = action.args

    whole = f"{room}.{name}"
    by_name = {argument.arg for argument in arguments.kwonlyargs}
    assert "by" in by_name or whole in NOBODY, "an action takes `by`, by name"
    most = 2 if whole in PAIRS else 1
    assert len(arguments.posonlyargs + arguments.args) <= most, "the subject first, everything else by name"
    assert is_atomic(action), "an action is @transaction.atomic"
    assert records(name, functions) or whole in UNRECORDED, "an action calls record()"
    assert ast.get_docstring(action), "an action says what it means to the people concerned"


def test_exceptions_are_still_there() -> None:
    for whole in [*STEPS, *NOBODY, *UNRECORDED, *PAIRS]:
        room, function = whole.split(".")
        assert function in offered(room), f"{whole} is gone: take it off the list"


# -- verbs --------------------------------------------------------------------------------------------


def verbs_written() -> set[str]:
    """Texts that look like a verb, anywhere but in the decorators that wait for them."""
    found = set()
    for path in python_files():
        waiting = {
            id(argument)
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "on"
            for argument in node.args
        }
        for node in ast.walk(tree_of(path)):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and id(node) not in waiting and VERB.match(text):
                found.add(text)
    return found


def recorded_constants() -> Iterator[tuple[str, str]]:
    for path, node in nodes(ast.Call, python_files()):
        assert isinstance(node, ast.Call)
        if getattr(node.func, "id", "") == "record" and node.args:
            for part in ast.walk(node.args[0]):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield place(path, node), part.value


def test_every_reaction_waits_for_something_that_happens() -> None:
    from bihuan.audit.reactions import known_verbs

    silent = known_verbs().keys() - verbs_written()
    assert not silent, f"nothing records {sorted(silent)}"


def test_verbs_are_noun_dot_past() -> None:
    breaches = [f"{where}: {verb}" for where, verb in recorded_constants() if not VERB.match(verb)]
    assert not breaches, "\n".join(breaches)


# -- text and templates -------------------------------------------------------------------------------


def test_every_module_opens_with_a_sentence() -> None:
    breaches: Breaches = []
    files = [
        *python_files(tests=True),
        *sorted((ROOT / "tests").rglob("*.py")),
        *sorted((ROOT / "tools").glob("*.py")),
    ]
    for path in files:
        if path.name in ("__init__.py", "apps.py", "__main__.py"):
            continue
        opening = (ast.get_docstring(tree_of(path)) or "").split("\n\n")[0].strip()
        if not opening or (not opening[0].isupper() and opening[0] not in "`/") or opening[-1] not in ".:。":
            breaches.append(f"{path.relative_to(ROOT)}: begins with {opening[:60]!r}")
    assert not breaches, "\n".join(breaches)


def test_no_file_is_too_long() -> None:
    breaches: Breaches = []
    files = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html"), *(ROOT / "tests").rglob("*.py"),
             *(ROOT / "frontend" / "src").rglob("*.ts"), *(ROOT / "tools").rglob("*.py")]  # fmt: skip
    for path in sorted(files):
        if "migrations" not in path.parts and (lines := len(path.read_text().splitlines())) > LONGEST:
            breaches.append(f"{path.relative_to(ROOT)}: {lines} lines")
    assert not breaches, "\n".join(breaches)


TEMPLATE_RULES: list[tuple[str, Callable[[str], re.Match[str] | None]]] = [
    (
        "an inline script",
        re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)", re.I).search,
    ),
    ("an inline style sheet", re.compile(r"<style\b", re.I).search),
    ("a style attribute", re.compile(r"""(?<![\w:-])style\s*=\s*["']""", re.I).search),
    ("an on… handler", re.compile(r"""\s(?:hx-on[a-z:-]*|on(?!ce\b|ly\b)[a-z]+)\s*=\s*["']""", re.I).search),
    ("a javascript: address", re.compile(r"javascript:", re.I).search),
    ("an evaluated hx-vals", re.compile(r"""hx-(?:vals|headers)\s*=\s*["']\s*js(?:on)?:""", re.I).search),
]


def test_templates_obey_the_content_policy() -> None:
    breaches: Breaches = []
    for path in sorted(PACKAGE.rglob("*.html")):
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            breaches += [
                f"{path.relative_to(ROOT)}:{number}: {what}" for what, found in TEMPLATE_RULES if found(line)
            ]
    assert not breaches, "\n".join(breaches)


def test_a_room_keeps_its_templates_under_its_own_name() -> None:
    breaches = [
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in (PACKAGE / room / "templates").glob("*")
        if path.name != room
    ]
    assert not breaches, "\n".join(breaches)
