"""Which marketplace a name or a path means."""

from pathlib import Path

from pipelines.home import Home
from pipelines.settings import PROJECT_ROOT, environment
from sources.errors import ConfigurationError
from sources.mapping_checks import suggestion
from sources.marketplace import Marketplace, load_marketplace

_FOLDER = PROJECT_ROOT / "marketplaces"


def registered_names() -> list[str]:
    """The names of the marketplaces that ship with the project."""
    return [path.stem for path in shipped_files()]


def registered_marketplace(name: str, home: Home) -> Marketplace:
    """The marketplace that ships under a name; whatever else is given is not looked for.

    Raises:
        ConfigurationError: none has that name.
    """
    names = registered_names()
    if name not in names:
        raise ConfigurationError(
            [f"{name!r} is not a registered marketplace; available: {', '.join(names)}"]
        )
    return marketplace_named(name, home)


def marketplace_file(name_or_path: str) -> Path:
    """The YAML file of a marketplace that ships with the project or lies elsewhere.

    Raises:
        ConfigurationError: there is no such name and no such file.
    """
    given = Path(name_or_path)
    if given.suffix in {".yml", ".yaml"}:
        return given
    known = registered_names()
    # Not whether such a file exists: `../name` would lead to any.
    if name_or_path in known:
        return _FOLDER / f"{name_or_path}.yml"
    hint = suggestion(name_or_path, known)
    raise ConfigurationError(
        [f"there is no marketplace {name_or_path!r}; {hint} Or use the path of a .yml file."]
    )


def shipped_files() -> list[Path]:
    """The YAML files of the marketplaces that ship with the project."""
    return sorted(_FOLDER.glob("*.yml"))


def marketplace_named(name_or_path: str, home: Home) -> Marketplace:
    """The marketplace, with the environment filled in."""
    return load_marketplace(marketplace_file(name_or_path), environment(home))
