"""A request of the bot, read from any of the bodies that the Bot API takes: JSON, form, multipart or query string."""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from bot.simulator.limits import MAX_UPLOAD
from bot.simulator.refusals import ApiError, bad_request
from bot.simulator.shapes import Json


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A file in a multipart body."""

    data: bytes
    file_name: str
    mime_type: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """Method name, parameters as they came (a form has only strings) and uploaded files by part name."""

    method: str
    params: Json = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        """A string parameter, or None."""
        value = self.params.get(name)
        return value if value is None or isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """An integer parameter; what can't be read counts as absent, as on Telegram."""
        value = self.params.get(name)
        try:
            return default if value is None or value == "" else int(value)
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        """A boolean parameter."""
        return str(self.params.get(name, "")).lower() in {"true", "1", "yes"}

    def structure(self, name: str) -> Any:
        """An object or array parameter, parsed when it came as a string. Raises ApiError 400 when it is no JSON."""
        value = self.params.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from error

    def nested(self, name: str) -> "Call":
        """The parameters inside an object parameter; none when it is absent. Raises ApiError 400 for no object."""
        inner = self.structure(name)
        if inner is not None and not isinstance(inner, dict):
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object")
        return Call(method=self.method, params=inner or {})

    def upload(self, name: str) -> Upload | None:
        """The file that a parameter holds or points to with ``attach://``. Raises ApiError 400 for a lost part."""
        if name in self.files:
            return self.files[name]
        value = self.params.get(name)
        return self.attached(value) if isinstance(value, str) else None

    def attached(self, reference: str) -> Upload | None:
        """The part that ``attach://NAME`` means, or None when the text is no such reference."""
        if not reference.startswith("attach://"):
            return None
        part = self.files.get(reference.removeprefix("attach://"))
        if part is None:
            raise bad_request("can't find the attached file in the request")
        return part

    def for_journal(self) -> Json:
        """The parameters, decoded, with files shown as name and size."""
        shown = {name: _decoded(value) for name, value in self.params.items()}
        for name, upload in self.files.items():
            shown[name] = {"file_name": upload.file_name, "file_size": len(upload.data)}
        return shown


def _decoded(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in "[{" and value:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


async def read_call(request: web.Request, method: str) -> Call:
    """Read the body. Raises ApiError 400 for one that can't be read, 413 for a file above 50 MB."""
    params: Json = dict(request.query)
    if request.content_type == "application/json":
        params |= await _read_json(request)
    elif request.content_type.startswith("multipart/"):
        fields, files = await _read_parts(request)
        return Call(method=method, params=params | fields, files=files)
    elif request.method == "POST":
        params |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    return Call(method=method, params=params)


async def _read_json(request: web.Request) -> Json:
    body = await request.read()
    try:
        fields = json.loads(body) if body else {}
    except ValueError as error:
        raise bad_request("can't parse JSON object") from error
    if not isinstance(fields, dict):
        raise bad_request("can't parse JSON object: expected an object")
    return fields


async def _read_parts(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    fields: Json = {}
    files: dict[str, Upload] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or not part.name:
            continue
        data = bytes(await part.read(decode=False))
        if part.filename is None:
            fields[part.name] = data.decode("utf-8", "replace")
        elif len(data) > MAX_UPLOAD:
            raise ApiError(413, "Request Entity Too Large")
        else:
            mime_type = part.headers.get("Content-Type", "application/octet-stream")
            files[part.name] = Upload(data=data, file_name=part.filename, mime_type=mime_type)
    return fields, files
