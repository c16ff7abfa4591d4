"""Files: stable ids, sizes of photos, and the paths under which the bot downloads them."""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from bot.simulator.limits import MAX_DOWNLOAD
from bot.simulator.pictures import Picture, photo_sizes, thumbnail
from bot.simulator.refusals import bad_request
from bot.simulator.shapes import Json

_FOLDERS: Final = {
    "photo": "photos",
    "document": "documents",
    "voice": "voice",
    "video": "videos",
    "video_note": "video_notes",
    "audio": "music",
    "animation": "animations",
    "sticker": "stickers",
    "thumbnail": "thumbnails",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredFile:
    """Bytes with the ids by which the Bot API names them; ``owner_id`` is who uploaded them."""

    file_id: str
    file_unique_id: str
    kind: str
    data: bytes
    owner_id: int
    file_name: str | None = None
    mime_type: str = "application/octet-stream"
    path: str
    width: int = 0
    height: int = 0

    def as_json(self) -> Json:
        """The Bot API's File, with its path."""
        return {**self.reference(), "file_path": self.path}

    def reference(self) -> Json:
        """The fields that every object with a file has."""
        return {"file_id": self.file_id, "file_unique_id": self.file_unique_id, "file_size": len(self.data)}

    def as_size(self) -> Json:
        """The Bot API's PhotoSize."""
        return {**self.reference(), "width": self.width, "height": self.height}


class FileStore:
    """Every file of the world, by file_id and by download path."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._photos: dict[str, list[Json]] = {}
        self._documents: dict[str, Json] = {}

    def find(self, file_id: str) -> StoredFile | None:
        """The file with this file_id."""
        return self._by_id.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        """The file with this download path."""
        return self._by_path.get(path)

    def downloadable(self, file_id: str) -> StoredFile:
        """The file, for getFile. Raises ApiError 400 for an unknown id or more than 20 MB."""
        stored = self._by_id.get(file_id)
        if stored is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if len(stored.data) > MAX_DOWNLOAD:
            raise bad_request("file is too big")
        return stored

    def add_photo(self, data: bytes | list[Picture], owner_id: int) -> list[Json]:
        """Store a photo (raw bytes, or sizes made before); the answer is its list of PhotoSize."""
        pictures = photo_sizes(data) if isinstance(data, bytes) else data
        stored = [self._add_picture(picture, "photo", owner_id) for picture in pictures]
        sizes = [file.as_size() for file in stored]
        self._photos.update((file.file_id, sizes) for file in stored)
        return sizes

    def add_document(self, data: bytes, file_name: str, mime_type: str, owner_id: int) -> Json:
        """Store a document as it is; the answer is the Bot API's Document."""
        stored = self.add(data, "document", owner_id, file_name=file_name, mime_type=mime_type)
        body: Json = {**stored.reference(), "file_name": file_name, "mime_type": mime_type}
        small = thumbnail(data) if mime_type.startswith("image/") else None
        if small is not None:
            body["thumbnail"] = self._add_picture(small, "thumbnail", owner_id).as_size()
        self._documents[stored.file_id] = body
        return body

    def photo(self, file_id: str) -> list[Json]:
        """The sizes of a known photo. Raises ApiError 400 when the id is not a photo's."""
        if file_id not in self._photos:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return self._photos[file_id]

    def document(self, file_id: str) -> Json:
        """A known document. Raises ApiError 400 when the id is not a document's."""
        if file_id not in self._documents:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return self._documents[file_id]

    def add(
        self,
        data: bytes,
        kind: str,
        owner_id: int,
        *,
        file_name: str | None = None,
        mime_type: str = "application/octet-stream",
        size: tuple[int, int] = (0, 0),
    ) -> StoredFile:
        """Store bytes under new ids."""
        number = len(self._by_id)
        unique = _opaque(f"unique/{kind}/{number}", 11)
        suffix = PurePath(file_name).suffix if file_name else ".jpg" if mime_type == "image/jpeg" else ""
        stored = StoredFile(
            file_id=_opaque(f"file/{kind}/{number}", 42),
            file_unique_id=unique,
            kind=kind,
            data=data,
            owner_id=owner_id,
            file_name=file_name,
            mime_type=mime_type,
            path=f"{_FOLDERS.get(kind, 'files')}/file_{number}{suffix if suffix.isascii() else ''}",
            width=size[0],
            height=size[1],
        )
        self._by_id[stored.file_id] = self._by_path[stored.path] = stored
        return stored

    def _add_picture(self, picture: Picture, kind: str, owner_id: int) -> StoredFile:
        size = (picture.width, picture.height)
        return self.add(picture.data, kind, owner_id, mime_type="image/jpeg", size=size)


def _opaque(seed: str, length: int) -> str:
    """An id that looks like Telegram's and is the same in every run."""
    return base64.urlsafe_b64encode(hashlib.sha256(seed.encode()).digest() * 2)[: length + 5].decode()
