"""What every asset of a run shares: the home, the marketplace, the time, and the writer's lock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import dagster as dg
from dagster._core.storage.tags import MAX_RETRIES_TAG
from pydantic import Field, PrivateAttr

from data_quality.runner import Checker
from pipelines.checking.desk import QualityDesk
from pipelines.home import FileHeldError, Home
from pipelines.loading.claim import claim_warehouse
from pipelines.marketplaces import marketplace_named, registered_marketplace
from pipelines.settings import PipelineSettings
from sources.child_process import how_it_ended
from sources.errors import ConfigurationError, PermanentSourceError
from sources.marketplace import Marketplace
from sources.parsing.client import Parser

if TYPE_CHECKING:
    import duckdb

    from pipelines.loading.relations import Warehouse


class Run(dg.ConfigurableResource):  # type: ignore[type-arg]  # not generic in what it yields
    """One run's arguments; it holds the home's writer lock from the first asset to the last."""

    # Whoever may start a run could name any file of the machine: a name only. What the settings
    # name is given by who starts the process, and may be a file.
    marketplace: str = Field(
        default="", description="A registered name; that of the settings where it is empty."
    )
    as_of: str = Field(default="", description="The last day that counts, as YYYY-MM-DD.")
    full: bool = False
    recorded_at: str = Field(default="", description="When the run began; by its record if empty.")

    _settings: PipelineSettings = PrivateAttr()
    _marketplace: Marketplace = PrivateAttr()
    _requested_as_of: date | None = PrivateAttr()
    _recorded_at: datetime = PrivateAttr()
    _parser: Parser = PrivateAttr()
    _quality: QualityDesk = PrivateAttr()
    _opened: "duckdb.DuckDBPyConnection | None" = PrivateAttr(default=None)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Run"]:
        """Reads the settings, takes the lock, and asks the run's own record for the time.

        Raises:
            ConfigurationError: the marketplace is not registered, or a time is none.
        """
        self._settings = PipelineSettings()
        try:
            self._read_arguments(context)
        except ConfigurationError:
            _do_not_repeat(context)
            raise
        name = self.marketplace or self._settings.marketplace
        with self.home.writing(), Parser() as self._parser, Checker(ending=how_it_ended) as checker:
            claim_warehouse(self.home, self._marketplace.name, name)
            self._quality = QualityDesk(self.home, self.shop, checker, self.recorded_text)
            try:
                yield self
            finally:
                self.close_warehouse()

    @property
    def settings(self) -> PipelineSettings:
        """The settings from the environment."""
        return self._settings

    @property
    def home(self) -> Home:
        """Where everything lies."""
        return self._settings.home_folder

    @property
    def shop(self) -> Marketplace:
        """The marketplace of this run."""
        return self._marketplace

    @property
    def started_at(self) -> datetime:
        """When the run began, UTC; what it loads is recorded as of then."""
        return self._recorded_at

    @property
    def recorded_text(self) -> str:
        """When the run began, as the warehouse's tables hold it."""
        return self._recorded_at.replace(tzinfo=None).isoformat(" ")

    @property
    def quality(self) -> QualityDesk:
        """The checks of what arrives and what leaves; their subprocess starts when asked."""
        return self._quality

    @property
    def parser(self) -> Parser:
        """The parsing subprocess; it starts with the first file and serves all feeds."""
        return self._parser

    @property
    def requested_as_of(self) -> date | None:
        """The day that the caller asked for, if any."""
        return self._requested_as_of

    def as_of_day(self, connection: "duckdb.DuckDBPyConnection") -> date:
        """The last day that counts in this run.

        Raises:
            dg.Failure: the last order decides and there is none.
        """
        from pipelines.runs.as_of import as_of_date  # noqa: PLC0415 - imports duckdb

        try:
            return as_of_date(connection, self.shop, self.requested_as_of, self.started_at)
        except PermanentSourceError as error:
            raise dg.Failure(str(error), allow_retries=False) from error

    @contextmanager
    def warehouse(self) -> Iterator["duckdb.DuckDBPyConnection"]:
        """A connection to the build file; the file stays open from step to step.

        Raises:
            dg.Failure: another program has it open.
        """
        if self._opened is None:
            self._opened = self._open_warehouse()
        try:
            with self._opened.cursor() as connection:
                yield connection
        except BaseException:
            self.close_warehouse()
            raise

    def close_warehouse(self) -> None:
        """Closes the build file, for a step that lets another process open it."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _open_warehouse(self) -> "duckdb.DuckDBPyConnection":
        from pipelines.loading.warehouse import open_warehouse  # noqa: PLC0415 - imports duckdb

        limit, threads = self._settings.memory_limit, self._settings.threads
        try:
            return open_warehouse(self.home.warehouse, memory_limit=limit, threads=threads)
        except FileHeldError as error:
            raise dg.Failure(str(error)) from error

    def tables(self, build_file: "duckdb.DuckDBPyConnection") -> "Warehouse":
        """The models' tables, where the engine keeps them."""
        from pipelines.loading import relations  # noqa: PLC0415 - imports duckdb

        if self._settings.engine == "spark":
            return relations.ParquetFolder(self.home.tables)
        return relations.BuildFile(build_file)

    def _read_arguments(self, context: dg.InitResourceContext) -> None:
        from pipelines.runs.as_of import requested_day  # noqa: PLC0415 - imports duckdb

        if self.marketplace:
            self._marketplace = registered_marketplace(self.marketplace, self.home)
        else:
            self._marketplace = marketplace_named(self._settings.marketplace, self.home)
        self._requested_as_of = requested_day(self.as_of)
        self._recorded_at = self._started_at(context)

    def _started_at(self, context: dg.InitResourceContext) -> datetime:
        if self.recorded_at:
            try:
                return datetime.fromisoformat(self.recorded_at).astimezone(UTC)
            except ValueError:
                problem = f"recorded_at {self.recorded_at!r} is not a time; leave it empty"
                raise ConfigurationError([problem]) from None
        if context.instance is None or context.run is None:
            raise dg.DagsterInvariantViolationError("a run without a record has no time")
        record = context.instance.get_run_record_by_id(context.run.run_id)
        if record is None:
            raise dg.DagsterInvariantViolationError(f"run {context.run.run_id} has no record")
        return record.create_timestamp.astimezone(UTC)


def _do_not_repeat(context: dg.InitResourceContext) -> None:
    """A person's mistake stays one; Dagster repeats a run that ended before its first step."""
    if context.instance is not None and context.run is not None:
        context.instance.add_run_tags(context.run.run_id, {MAX_RETRIES_TAG: "0"})
