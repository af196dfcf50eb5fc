"""Every setting of an installation: its name, its default and its allowed values."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote, unquote

from pydantic import AfterValidator, BeforeValidator, ByteSize, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX: Final = "KONTOR_"
_STORE: Final = re.compile(r"(sqlite|postgres(ql)?)(\+\w+)?://")
_STORE_FILE: Final = re.compile(r"(?P<driver>sqlite(\+\w+)?):///(?P<path>[^?]+)(?P<options>.*)")
_MEMORY: Final = re.compile(r"\d+(\.\d+)?\s*[KMGT]i?B", re.IGNORECASE)


def _absolute_folder(given: Path) -> Path:
    try:
        folder = given.expanduser().resolve()
    except RuntimeError as error:  # no such user, or circular links
        raise ValueError(str(error)) from None
    with suppress(PermissionError):  # whoever uses it reports it
        if folder.exists() and not folder.is_dir():
            raise ValueError("it must be a folder, but this is a file")
    return folder


def lasting_name(given: str) -> str:
    """The same name or file, whatever the working folder is later."""
    path = Path(given)
    # Links stay: folders in the file are relative to the path as given.
    return str(path.absolute()) if path.suffix in {".yml", ".yaml"} else given


def _lasting_store(given: SecretStr) -> SecretStr:
    url = given.get_secret_value()
    if not _STORE.match(url):
        raise ValueError("it must start with sqlite:/// or postgresql://")
    if not url.startswith("sqlite"):
        return given
    file = _STORE_FILE.fullmatch(url)
    if file is None or file["path"].startswith((":memory:", "file:")):
        raise ValueError("it must be a file that all processes share, like sqlite:////var/x.sqlite")
    # Three slashes before a relative path, four before an absolute one.
    folder = "" if file["path"].startswith("/") else _in_url(Path.cwd()) + "/"
    return SecretStr(f"{file['driver']}:///{folder}{file['path']}{file['options']}")


def _in_url(path: Path) -> str:
    """A path as operations.store.sqlite_url writes it, which takes half a second to import."""
    return quote(str(path), safe=" +/")


def _memory(given: str) -> str:
    if not _MEMORY.fullmatch(given.strip()):
        raise ValueError("it must be a size like 1GiB or 512MB")
    return given.strip()


def _listed(given: Any) -> Any:
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except ValueError:
        raise ValueError('it must be a list like ["localhost", "127.0.0.1"]') from None


_Folder = Annotated[Path, AfterValidator(_absolute_folder)]
_Marketplace = Annotated[str, AfterValidator(lasting_name)]
_StoreAddress = Annotated[SecretStr, AfterValidator(_lasting_store)]
_Memory = Annotated[str, AfterValidator(_memory)]
_Hosts = Annotated[list[str], NoDecode, BeforeValidator(_listed)]


class Settings(BaseSettings):
    """The settings shared by pipelines and dashboards; the programs add derived ones.

    Paths are made absolute here, so that a process in another folder means the same by them.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    home: _Folder = Field(default=Path("var"), description="The folder that holds all state.")
    marketplace: _Marketplace = Field(
        default="demo", description="A name in marketplaces/ or the path of a YAML file."
    )
    operations_url: _StoreAddress | None = Field(
        default=None,
        description="Address of the operational store, sqlite:/// or postgresql://; a file in the"
        " home where it is not set.",
    )
    keep_versions: int = Field(
        default=3,
        ge=2,
        description="Published versions to keep; readers may use an older one.",
    )
    memory_limit: _Memory = Field(
        default="1GiB", description="DuckDB's memory in the loader and in dbt."
    )
    threads: int = Field(default=2, ge=1, description="Threads of DuckDB and of dbt.")
    engine: Literal["duckdb", "spark"] = Field(
        default="duckdb",
        description="Where models are stored: in the build file, or as Parquet in `tables`.",
    )
    address: str = Field(default="127.0.0.1", description="Address the dashboards listen on.")
    port: int = Field(
        default=8501, ge=0, le=65535, description="Port of the dashboards; 0 picks a free one."
    )
    allowed_hosts: _Hosts = Field(
        default=["localhost", "127.0.0.1", "[::1]"],
        description="Host names under which browsers may reach the dashboards, without ports.",
    )
    behind_tls_proxy: bool = Field(
        default=False,
        description="A proxy terminates TLS: cookies are Secure, and any address is allowed.",
    )
    dagster_socket: Path | None = Field(
        default=None, description="Where Dagster's pages listen; `kontor serve` sets it itself."
    )
    query_timeout_seconds: float = Field(
        default=10.0, gt=0, description="Timeout of a page's query."
    )
    query_memory: _Memory = Field(
        default="512MB", description="DuckDB's memory for each published file that is open."
    )
    query_threads: int = Field(
        default=2, ge=1, description="DuckDB's threads for each published file that is open."
    )
    open_files: int = Field(
        default=48, ge=2, description="Published files that the dashboards keep open at once."
    )
    result_memory: ByteSize = Field(
        default=ByteSize(64 << 20),
        description="Cache for query results of pages, like 64MiB; 0 disables it.",
    )
    result_shares: int = Field(
        default=8,
        ge=1,
        description="A vendor's results use at most one of this many parts of the cache.",
    )

    @property
    def store_file(self) -> Path:
        """The operational store where no address of another is set."""
        return self.home / "operations.sqlite"

    @property
    def store_files(self) -> list[Path]:
        """The files of the operational store where it is a SQLite file; they need not exist."""
        found = _STORE_FILE.fullmatch(self.store_url)
        if found is None:
            return []
        return [Path(unquote(found["path"]) + suffix) for suffix in ("", "-wal", "-shm")]

    @property
    def store_url(self) -> str:
        """The address of the operational store, as SQLAlchemy reads it."""
        if self.operations_url is not None:
            return self.operations_url.get_secret_value()
        return f"sqlite:///{_in_url(self.store_file)}"

    def variables(self) -> dict[str, str]:
        """The settings as variables of the environment; from them they are read as they are here.

        One that has no value has no variable.
        """
        values = {name: getattr(self, name) for name in Settings.model_fields}
        return {
            variable(name): as_text(value) for name, value in values.items() if value is not None
        }


def variable(name: str) -> str:
    """The variable of the environment that holds a setting."""
    return f"{PREFIX}{name.upper()}"


def as_text(value: object) -> str:
    """A setting's value as its variable holds it."""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return json.dumps(value) if isinstance(value, bool | list) else str(value)


def sentences(error: ValidationError, origins: Mapping[str, str]) -> list[str]:
    """What is wrong with the settings, a sentence for each; `origins` says whence a variable came.

    No secret is in them.
    """
    return [_sentence(problem, origins) for problem in error.errors()]


def _sentence(problem: Any, origins: Mapping[str, str]) -> str:
    message = problem["msg"].removeprefix("Value error, ")
    if not problem["loc"]:
        return str(message)
    name = str(problem["loc"][0])
    field = Settings.model_fields.get(name)
    is_secret = field is None or "SecretStr" in str(field.annotation)
    value = "" if is_secret else f" is {as_text(problem['input'])!r}"
    origin = origins.get(variable(name), "the environment")
    return f"{variable(name)}{value} (from {origin}): {message}"
