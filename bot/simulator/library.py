"""Ready material that the web page offers for forwarding: what a demo's visitor can pick instead of typing."""

from dataclasses import dataclass
from typing import Literal

from bot.simulator.shapes import Json


@dataclass(frozen=True, kw_only=True, slots=True)
class LibraryItem:
    """A text, a photo or a file with the origin from which it is forwarded (None: sent as one's own)."""

    id: int
    title: str
    kind: Literal["text", "photo", "document"]
    text: str = ""
    data: bytes = b""
    file_name: str = "file.bin"
    mime_type: str = "application/octet-stream"
    origin: Json | None = None
    group: str = ""

    def as_json(self) -> Json:
        """For the page, without the bytes."""
        return {
            "id": self.id,
            "title": self.title,
            "kind": self.kind,
            "text": self.text,
            "file_name": self.file_name,
            "origin": self.origin,
            "group": self.group,
        }
