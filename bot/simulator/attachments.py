"""The smallest valid object of each kind of message that is neither text, photo nor document."""

from typing import Final

from bot.simulator.files import FileStore
from bot.simulator.people import User
from bot.simulator.shapes import Json

# kind of attachment -> its Bot API fields besides the file's own
_WITH_FILE: Final[dict[str, Json]] = {
    "voice": {"duration": 3, "mime_type": "audio/ogg"},
    "video": {"duration": 5, "width": 640, "height": 360, "mime_type": "video/mp4", "file_name": "video.mp4"},
    "video_note": {"duration": 5, "length": 240},
    "audio": {"duration": 60, "mime_type": "audio/mpeg", "file_name": "song.mp3", "title": "Song"},
    "animation": {"duration": 2, "width": 320, "height": 240, "mime_type": "video/mp4", "file_name": "animation.mp4"},
    "sticker": {
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": "🙂",
        "set_name": "kalkan",
    },
}
KINDS: Final = (*_WITH_FILE, "location", "venue", "contact", "poll", "dice")


def attachment(kind: str, files: FileStore, user: User) -> Json:
    """The message fields of one attachment. Raises ValueError for an unknown kind."""
    if kind in _WITH_FILE:
        return _with_file(kind, files, user)
    match kind:
        case "location":
            return {"location": _location()}
        case "venue":
            place = {"location": _location(), "title": "Ala-Too", "address": "Bishkek"}
            return {"venue": place, "location": _location()}
        case "contact":
            return {"contact": {"phone_number": "+996555000000", "first_name": user.first_name, "user_id": user.id}}
        case "poll":
            return {"poll": _poll()}
        case "dice":
            return {"dice": {"emoji": "🎲", "value": 4}}
    raise ValueError(f"an attachment is one of {', '.join(KINDS)}")


def _with_file(kind: str, files: FileStore, user: User) -> Json:
    fields = _WITH_FILE[kind]
    mime_type = fields.get("mime_type", "application/octet-stream")
    stored = files.add(f"{kind} of {user.id}".encode(), kind, user.id, mime_type=mime_type)
    content = {kind: {**stored.reference(), **fields}}
    if kind == "animation":  # documented: "for backward compatibility … the document field will also be set"
        shared = {"mime_type": mime_type, "file_name": fields["file_name"]}
        content["document"] = {**stored.reference(), **shared}
    return content


def _location() -> Json:
    return {"latitude": 42.8746, "longitude": 74.5698}


def _poll() -> Json:
    options = [{"persistent_id": str(n), "text": text, "voter_count": 0} for n, text in enumerate(("Yes", "No"))]
    return {
        "id": "5000000000000000001",
        "question": "Is it so?",
        "options": options,
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": True,
        "members_only": False,
    }
