"""A folder of the home: `exports/<marketplace>/<export>.csv`, for whoever picks the file up."""

import os
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from pipelines.exporting.destination import Destination, DestinationStoppedError, Kind, Opening
from pipelines.exporting.destinations.whole_file import WholeFile
from pipelines.exporting.file_formats import Format
from pipelines.publishing.versions import sync_folder


class Settings(BaseModel):
    """What a folder's file may say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Format = "csv"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that is made when it is first needed."""

    path: Path

    def put(self, name: str, content: bytes) -> None:
        """Writes aside, syncs, and renames."""
        draft = self.path / f".{name}.tmp"
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.path / name)
            sync_folder(self.path)
        except OSError as error:
            raise DestinationStoppedError(
                f"{self.path / name} cannot be written: {error.strerror}; make room, or change the "
                "folder's owner"
            ) from None


def _open(settings: Settings, opening: Opening) -> Destination:
    return WholeFile(opening, settings.format, Folder(opening.folder / opening.marketplace))


KIND = Kind(settings=Settings, open=_open)
