"""`kontor doctor`: finds what keeps an installation from working, with a remedy for each."""

from collections.abc import Iterator
from contextlib import suppress

from operations.errors import StoreUnavailableError
from pipelines.cli.finding import Finding
from pipelines.cli.privacy import privacy
from pipelines.cli.variables import unknown_variables
from pipelines.home import FileHeldError, Home, HomeBusyError, HomeUnusableError
from pipelines.loading.claim import OtherMarketplaceError, own_marketplace
from pipelines.marketplaces import marketplace_named
from pipelines.runs.last_run import current_manifest
from pipelines.runs.room import bytes_for_a_run
from pipelines.settings import PipelineSettings
from sources.connectors import postgres
from sources.connectors.files import discover
from sources.contract import all_contracts
from sources.disk import free_bytes, in_mib
from sources.errors import SourceError
from sources.marketplace import Marketplace


def findings(
    settings: PipelineSettings, asked: str = "", *, repairs: bool = False
) -> list[Finding]:
    """The result of every check, in the order in which problems should be fixed.

    `asked` names a marketplace; without it, the home's warehouse decides. With `repairs`,
    access of other accounts to the home is removed.

    Raises:
        OtherMarketplaceError: the warehouse belongs to another marketplace than the requested one.
    """
    misspelt = unknown_variables(settings, asked)
    private = privacy(settings, repairs=repairs)
    try:
        with settings.home_folder.writing():
            writer = "no run is in progress"
    except HomeBusyError as error:
        writer = str(error)
    except HomeUnusableError as error:
        return [*misspelt, Finding(is_fine=False, sentence=str(error)), *private]
    return [
        *misspelt,
        _room(settings.home_folder),
        Finding(is_fine=True, sentence=writer),
        *private,
        *_store(settings),
        *_marketplace(settings, asked),
        *_published(settings),
    ]


def _room(home: Home) -> Finding:
    free, needed = free_bytes(home.path), bytes_for_a_run(home)
    remedy = "; free some space, or move KONTOR_HOME" if free < needed else ""
    return Finding(
        is_fine=free >= needed,
        sentence=(f"{home.path} has {in_mib(free)} free; a run may need {in_mib(needed)}{remedy}"),
    )


def _store(settings: PipelineSettings) -> Iterator[Finding]:
    url = settings.existing_store_url
    if url is None:
        return
    from operations.audit import first_broken_line  # noqa: PLC0415 - imports SQLAlchemy
    from operations.store import opened  # noqa: PLC0415

    try:
        with opened(url) as engine, engine.connect() as connection:
            broken = first_broken_line(connection)
    except StoreUnavailableError as error:
        yield Finding(is_fine=False, sentence=str(error))
        return
    if broken is None:
        yield Finding(is_fine=True, sentence="the audit log is intact")
    else:
        yield Finding(
            is_fine=False,
            sentence=(
                f"audit_log: line {broken} does not follow from the one before it; a line was "
                "changed or removed; compare it with a backup"
            ),
        )


def _marketplace(settings: PipelineSettings, asked: str) -> Iterator[Finding]:
    home = settings.home_folder
    try:
        with home.writing():
            marketplace = own_marketplace(home, asked, settings.marketplace)
    except OtherMarketplaceError:
        raise
    except (FileHeldError, SourceError) as error:
        yield Finding(is_fine=False, sentence=str(error))
    except HomeBusyError:
        sentence = "the marketplace cannot be read while a run is in progress; try again later"
        yield Finding(is_fine=True, sentence=sentence)
    else:
        yield from _other_setting(settings, marketplace)
        yield from _deliveries(marketplace)


def _other_setting(settings: PipelineSettings, own: Marketplace) -> Iterator[Finding]:
    """A note if the next run would be for another marketplace."""
    if "marketplace" not in settings.model_fields_set:
        return
    with suppress(SourceError):
        other = marketplace_named(settings.marketplace, settings.home_folder).name
        if other != own.name:
            sentence = (
                f"KONTOR_MARKETPLACE is {other}, but the warehouse here belongs to {own.name}; "
                f"the next `kontor run` sets it aside and starts one for {other}"
            )
            yield Finding(is_fine=True, sentence=sentence)


def _deliveries(marketplace: Marketplace) -> Iterator[Finding]:
    yield Finding(
        is_fine=True, sentence=f"the configuration of marketplace {marketplace.name} is valid"
    )
    if not marketplace.folder.is_dir():
        yield Finding(
            is_fine=False,
            sentence=f"{marketplace.folder} does not exist; "
            "check `folder` in the marketplace's file",
        )
        return
    for feed, contract in all_contracts().items():
        found = discover(marketplace, feed)
        count = len(found.files)
        tables = ", ".join(entry.entry for entry in marketplace.database_feeds(feed))
        if contract.required_feed or feed in marketplace.feeds:
            is_fine = count > 0 or bool(tables) or not contract.required_feed
            files = f"{feed}: {count} files in {marketplace.folder}"
            yield Finding(is_fine=is_fine, sentence=f"{files}; {tables}" if tables else files)
        for refused in found.refused:
            yield Finding(is_fine=False, sentence=f"{feed}: {refused.sentence}")
    yield from _databases(marketplace)


def _databases(marketplace: Marketplace) -> Iterator[Finding]:
    for name, database in marketplace.databases.items():
        try:
            with postgres.session(database) as connection:
                warning = postgres.check_role(connection, database)
        except SourceError as error:
            yield Finding(is_fine=False, sentence=str(error))
        else:
            yield Finding(is_fine=True, sentence=warning or f"database {name} can be read")


def _published(settings: PipelineSettings) -> Iterator[Finding]:
    manifest = current_manifest(settings.home_folder.published)
    if manifest is None:
        yield Finding(is_fine=False, sentence="nothing is published yet; run `kontor run`")
    else:
        yield Finding(
            is_fine=True,
            sentence=f"{manifest['version']} is published, as of {manifest['as_of_date']}",
        )
