"""dbt's contexts with the macros that a text calls; only the warm server imports this, after dbt.

dbt makes an object of each of six hundred macros for each context, and two contexts for each model
and test, of which a text calls a dozen.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from dbt.adapters.factory import get_adapter_package_names
from dbt.clients.jinja import MacroGenerator, get_rendered
from dbt.context.base import Var
from dbt.context.macros import MacroNamespace
from dbt.context.manifest import ManifestContext
from dbt.exceptions import PackageNotFoundForMacroError
from dbt.include.global_project import PROJECT_NAME as BUILT_IN

_Macros = Mapping[str, Any]


class _Scope:
    """Which macro each name means in the texts of one package, and in each package by itself."""

    def __init__(self, by_package: Mapping[str, _Macros], root: str, package: str, adapter: str):
        internal = get_adapter_package_names(adapter)
        self.built_in: dict[str, Any] = {}
        for name in reversed(internal):  # the first one wins
            self.built_in.update(by_package.get(name, {}))
        own = {name: macros for name, macros in by_package.items() if name not in internal}
        self.packages: dict[str, _Macros] = {BUILT_IN: self.built_in, **own}
        # The node's own package before the project, these before dbt's.
        self.macros = {**self.built_in, **own.get(root, {}), **own.get(package, {})}


def _scope(context: Any) -> _Scope:
    """The scope of a context's texts; a manifest has a handful, which it keeps."""
    kept: dict[tuple[str, str], _Scope] = context.manifest.__dict__.setdefault("scopes", {})
    names = (context.config.project_name, context.search_package)
    if names not in kept:
        adapter = context.config.credentials.type
        kept[names] = _Scope(context.manifest.get_macros_by_package(), *names, adapter)
    return kept[names]


class _Called(Mapping[str, Any]):
    """Macros by name, each made an object of when it is asked for."""

    def __init__(self, macros: _Macros, namespace: "_Namespace") -> None:
        self._macros, self._namespace = macros, namespace

    def __getitem__(self, name: str) -> Any:
        return self._namespace.made(self._macros[name])

    def __contains__(self, name: object) -> bool:
        return name in self._macros

    def __iter__(self) -> Iterator[str]:
        return iter(self._macros)

    def __len__(self) -> int:
        return len(self._macros)


class _Namespace(MacroNamespace):
    """What dbt asks of the macros of a context, by name and by package."""

    def __init__(self, scope: _Scope, context: dict[str, Any], node: Any, stack: Any) -> None:
        self._scope, self._made = scope, {}  # type: tuple[_Scope, dict[str, Any]]
        self._of_all = (context, node, stack)

    def made(self, macro: Any) -> Any:
        """The macro as a text calls it."""
        found = self._made.get(macro.unique_id)
        if found is None:
            found = self._made[macro.unique_id] = MacroGenerator(macro, *self._of_all)
        return found

    def __getitem__(self, key: str) -> Any:
        if key in self._scope.macros:
            return self.made(self._scope.macros[key])
        return _Called(self._scope.packages[key], self)

    def __contains__(self, key: object) -> bool:
        return key in self._scope.macros or key in self._scope.packages

    def __iter__(self) -> Iterator[str]:
        return iter({**self._scope.packages, **self._scope.macros})

    def __len__(self) -> int:
        return len(list(iter(self)))

    def get_from_package(self, package_name: str | None, name: str) -> Any:
        """A macro of a package, or of any; None where there is none."""
        if package_name is None:
            return self.get(name)
        if package_name not in self._scope.packages:
            raise PackageNotFoundForMacroError(package_name)
        return _Called(self._scope.packages[package_name], self).get(name)


class _Context(dict[str, Any]):
    """A context in which a name that is no value of its own may be a macro."""

    def __init__(self) -> None:
        super().__init__()
        self.macros: Mapping[str, Any] = {}

    def __missing__(self, name: str) -> Any:
        return self.macros[name]

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or name in self.macros

    def __iter__(self) -> Iterator[str]:
        return iter({**dict.fromkeys(super().__iter__()), **dict.fromkeys(self.macros)})

    def keys(self) -> Any:
        """The names of the values and of the macros: a copy holds them all."""
        return dict.fromkeys(self).keys()

    def get(self, name: str, default: Any = None) -> Any:
        """As of any dictionary."""
        try:
            return self[name]
        except KeyError:
            return default


def make_called_macros_only() -> None:
    """Lets this process, and what it forks, make objects only of the macros that a text calls."""
    with_all = ManifestContext.to_dict

    def namespace_of(self: Any) -> MacroNamespace:
        self._ctx = _Context()
        return _Namespace(_scope(self), self._ctx, getattr(self, "model", None), self.macro_stack)

    def values_of(self: Any) -> dict[str, Any]:
        if not isinstance(self.namespace, _Namespace):
            return with_all(self)  # type: ignore[no-any-return, no-untyped-call]
        context: _Context = super(ManifestContext, self).to_dict()
        # A macro of the same name takes the place of dbt's own function.
        for name in [name for name in dict.keys(context) if name in self.namespace]:
            del context[name]
        context.macros = self.namespace
        return context

    def variable_of(self: Any, name: str) -> Any:
        # By default it gets a copy of the context, macros and all, mostly to find no template.
        value = self._merged[name]
        return get_rendered(value, self._context) if isinstance(value, str) else value

    Var.get_rendered_var = variable_of  # type: ignore[assignment, method-assign]
    ManifestContext._build_namespace = namespace_of  # type: ignore[method-assign]  # noqa: SLF001
    ManifestContext.to_dict = values_of  # type: ignore[method-assign]
