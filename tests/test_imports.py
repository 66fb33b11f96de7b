"""Imports: every name that a package offers is there, none goes past a package's face, and nothing imports in a circle."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

# What asks each package for each name that it offers, in an interpreter of its own.
RESOLVE = """
import importlib, pkgutil, sys
root = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(root.__path__, root.__name__ + "."):
    package = importlib.import_module(module.name)
    for name in getattr(package, "__all__", ()):
        getattr(package, name)
"""


@dataclass
class Tree:
    """The modules below a folder that is itself a package, by their dotted names; ``faces`` are the stubs of packages."""

    root: Path
    modules: dict[str, Path] = field(init=False)
    packages: set[str] = field(init=False)
    _offered: dict[str, dict[str, tuple[str, str | None]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        files = {self._name(path): path for path in sorted(self.root.rglob("*.py"))}
        self.packages = {name for name, path in files.items() if path.name == "__init__.py"}
        self.modules = files

    def _name(self, path: Path) -> str:
        parts = path.relative_to(self.root.parent).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def package_of(self, module: str) -> str:
        """The package that a module stands in; a package is its own."""
        return module if module in self.packages else module.rpartition(".")[0]

    def imports(self, module: str, path: Path | None = None) -> Iterator[tuple[int, str, str | None]]:
        """Yield line, module and name of each import of our own, wherever it stands in the file; no name for a module itself."""
        for node in ast.walk(ast.parse((path or self.modules[module]).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                for one in node.names:
                    if one.name in self.modules:
                        yield node.lineno, one.name, None
            elif isinstance(node, ast.ImportFrom):
                base = self.package_of(module).split(".")
                above = base[: len(base) - node.level + 1] if node.level else []
                source = ".".join([*above, *(node.module.split(".") if node.module else [])])
                if source in self.modules:
                    for one in node.names:
                        named = f"{source}.{one.name}"
                        is_file = named in self.modules and (path is not None or one.name not in self.offered(source))
                        yield (node.lineno, named, None) if is_file else (node.lineno, source, one.name)

    def offered(self, package: str) -> dict[str, tuple[str, str | None]]:
        """What the face of a package offers: each name with the module that it is taken from, no name for a module itself."""
        if package not in self._offered:
            stub = self.modules[package].with_suffix(".pyi")
            taken = self.imports(package, stub) if stub.exists() else ()
            self._offered[package] = {name or module.rpartition(".")[2]: (module, name) for _, module, name in taken}
        return self._offered[package]

    def home(self, module: str, name: str | None) -> str:
        """The module that a name really comes from, behind as many faces as there are."""
        while name is not None and module in self.packages and name in (offered := self.offered(module)):
            module, name = offered[name]
        return module


def past_a_face(tree: Tree) -> list[str]:
    """The imports that reach into another package's module instead of asking the package."""
    found = []
    for module in tree.modules:
        here = f"{tree.package_of(module)}."
        for line, target, _ in tree.imports(module):
            package = tree.package_of(target)
            inside = here.startswith(f"{package}.")
            if not inside and target not in tree.packages:
                found.append(f"{module}:{line}: {target}")
    return found


def circle(graph: Mapping[str, Iterable[str]]) -> list[str]:
    """One way from a node back to itself, none if there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def module_graph(tree: Tree) -> dict[str, set[str]]:
    """What each module imports, looked up behind the faces."""
    graph = {}
    for module in tree.modules:
        homes = {tree.home(target, name) for _, target, name in tree.imports(module)}
        graph[module] = homes - {module, tree.package_of(module)}
    return graph


def neighbour_graph(graph: Mapping[str, Iterable[str]], package: str) -> dict[str, set[str]]:
    """The same graph of what lies directly in one package, each folder in it taken as one."""

    def neighbour(module: str) -> str | None:
        inside = module.removeprefix(f"{package}.")
        return None if inside == module else inside.partition(".")[0]

    found: dict[str, set[str]] = {}
    for module, targets in graph.items():
        if (here := neighbour(module)) is not None:
            found.setdefault(here, set()).update(
                there for target in targets if (there := neighbour(target)) not in (None, here)
            )
    return found


def unresolved(package: str, folder: Path) -> str:
    """Import everything below a package at once, without laziness; what Python says where that fails."""
    done = subprocess.run(
        [sys.executable, "-c", RESOLVE, package],
        cwd=folder,
        env={**os.environ, "EAGER_IMPORT": "1", "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stderr if done.returncode else ""


@pytest.fixture(scope="module")
def tree(repo_root: Path) -> Tree:
    """The project's own modules."""
    return Tree(repo_root / "matcher")


@pytest.fixture
def planted(tmp_path: Path) -> Tree:
    """Two packages with a fault of each kind: a name that is not there, an import past a face, a circle behind faces."""
    files = {
        "planted/__init__.py": "",
        "planted/low/__init__.py": "import lazy_loader\n__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)\n",
        "planted/low/__init__.pyi": "from .sums import add as add\nfrom .sums import gone as gone\n",
        "planted/low/sums.py": "def add():\n    from planted.high import show\n    return show\n",
        "planted/high/__init__.py": "import lazy_loader\n__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)\n",
        "planted/high/__init__.pyi": "from .page import show as show\n",
        "planted/high/page.py": "from planted.low import add as show\n",
        "planted/high/other.py": "from ..low.sums import add\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return Tree(tmp_path / "planted")


def test_every_name_that_a_package_offers_is_there(repo_root: Path) -> None:
    """Faces load lazily: a name that has moved away would fail only where somebody first asks for it."""
    assert unresolved("matcher", repo_root) == ""


def test_a_name_that_is_offered_and_not_there_is_noticed(planted: Tree) -> None:
    """By its name."""
    assert "module 'planted.low.sums' has no attribute 'gone'" in unresolved("planted", planted.root.parent)


def test_no_import_goes_past_a_face(tree: Tree) -> None:
    """Another package is asked for a name, never one of its files: so files inside it may move."""
    assert past_a_face(tree) == []


def test_an_import_past_a_face_is_noticed(planted: Tree) -> None:
    """With file and line, when it is written relatively too; imports of packages are let be."""
    assert past_a_face(planted) == ["planted.high.other:1: planted.low.sums"]


def test_no_modules_import_in_a_circle(tree: Tree) -> None:
    """Neither at the top of a file nor inside a function, looked up behind the faces."""
    assert circle(module_graph(tree)) == []


def test_no_packages_import_in_a_circle(tree: Tree) -> None:
    """What lies beside each other in a package, files and folders, has an order."""
    graph = module_graph(tree)
    assert {package: found for package in tree.packages if (found := circle(neighbour_graph(graph, package)))} == {}


def test_a_circle_behind_faces_is_noticed(planted: Tree) -> None:
    """Between modules and between the packages that they stand in."""
    graph = module_graph(planted)
    assert set(circle(graph)) == {"planted.low.sums", "planted.high.page"}
    assert set(circle(neighbour_graph(graph, "planted"))) == {"low", "high"}
