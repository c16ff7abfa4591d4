"""The control interface ``/sim/…``: all that ``World`` can do, over HTTP and in JSON.

It lets a test run the simulator in one process and the bot in another, and it serves the web page.

==========================  =====================================================================================
GET /sim/state              bot, users, chats, library, number of the newest event
GET /sim/messages           ?chat_id=: what stands in a chat
GET /sim/commands           ?user_id=&chat_id=: the command menu that the user sees there
GET /sim/events             ?since=: a WebSocket that tells {last, reset, events: [{number, kind, content}]}
GET /sim/requests           ?since=&method=&chat_id=&about=: the journal of the bot's requests
GET /sim/counters           requests by method, updates pending and confirmed
GET /sim/queries/ID         a press and the bot's answer to it
GET /sim/files/ID           the bytes of a file, /sim/library/ID/content those of a library item
POST /sim/users             {first_name, …}: ``World.add_user``; /sim/groups, /sim/channels alike
POST /sim/members           {chat_id, user_id, status, by?}: joins, leaves, rights
POST /sim/acts/NAME         {user_id, …}: the acts of ``control_acts``; files as multipart parts beside ``params``
POST /sim/inject            {updates: […]} or {malformed: VARIANT, count?}
POST /sim/faults            {kind, methods?, chat_id?, after?, count?, probability?, …}; GET lists, DELETE clears
POST /sim/settings          {flood_limits?: bool, can_read_all_group_messages?: bool}
==========================  =====================================================================================

What can't be done is answered with 400 and {"error": reason}.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from aiohttp import web
from aiohttp.helpers import content_disposition_header

from bot.simulator.calls import Call, read_call
from bot.simulator.control_acts import ACTS
from bot.simulator.people import Chat, User
from bot.simulator.refusals import ApiError
from bot.simulator.shapes import Json
from bot.simulator.world import World

_Answerer = Callable[[web.Request], Awaitable[Any]]
_INLINE = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})


class Control:
    """The routes of the control interface over one world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self) -> list[web.RouteDef]:
        """All of ``/sim``."""
        reading: dict[str, _Answerer] = {
            "/sim/state": self._state,
            "/sim/messages": self._messages,
            "/sim/commands": self._commands,
            "/sim/requests": self._requests,
            "/sim/counters": self._counters,
            "/sim/queries/{id}": self._query,
            "/sim/faults": self._list_faults,
        }
        doing: dict[str, _Answerer] = {
            "/sim/users": self._add_user,
            "/sim/groups": self._add_group,
            "/sim/channels": self._add_channel,
            "/sim/members": self._set_member,
            "/sim/acts/{name}": self._act,
            "/sim/inject": self._inject,
            "/sim/faults": self._add_fault,
            "/sim/settings": self._set,
        }
        return [
            *(web.get(path, _as_json(answer)) for path, answer in reading.items()),
            *(web.post(path, _as_json(answer)) for path, answer in doing.items()),
            web.delete("/sim/faults", _as_json(self._clear_faults)),
            web.get("/sim/events", self._events),
            web.get("/sim/files/{id}", self._file),
            web.get("/sim/library/{id}/content", self._library_content),
        ]

    async def _state(self, _: web.Request) -> Json:
        world = self.world
        people = [user for user in world.users.values() if not user.is_bot]
        return {
            "bot": world.bot.as_json() | self._bot_words(),
            "last_event": world.events.last,
            "users": [_user(user) for user in people],
            "chats": [_chat(chat) for chat in world.chats.values()],
            "library": [item.as_json() for item in world.library.values()],
        }

    def _bot_words(self) -> Json:
        """Name and descriptions (by language, "" is the default) that the bot has set."""
        profile = self.world.profile
        descriptions = {language: text for (kind, language), text in profile.items() if kind == "description"}
        return {"name": profile.get(("name", "")) or self.world.bot.first_name, "descriptions": descriptions}

    async def _messages(self, request: web.Request) -> list[Json]:
        chat = self.world.chat(int(request.query["chat_id"]))
        return [self.world.view(message) for message in self.world.chat_messages(chat)]

    async def _commands(self, request: web.Request) -> list[Json]:
        user = self.world.user(int(request.query["user_id"]))
        chat = self.world.chat(int(request.query.get("chat_id") or user.id))
        return self.world.menus.shown_to(user, chat)

    async def _requests(self, request: web.Request) -> list[Json]:
        query = request.query
        found = self.world.journal.find(
            since=int(query.get("since", 0)),
            method=query.get("method"),
            chat_id=int(query["chat_id"]) if "chat_id" in query else None,
            about=int(query["about"]) if "about" in query else None,
        )
        return [entry.as_json() for entry in found]

    async def _counters(self, _: web.Request) -> Json:
        world = self.world
        return {
            "requests": len(world.journal),
            "by_method": dict(world.journal.counts),
            "about": {str(number): count for number, count in world.journal.about_counts.items()},
            "pending": len(world.updates),
            "confirmed": world.updates.confirmed,
            "last_update_id": world.updates.last_id,
            "flood_refused": world.flood.refused,
        }

    async def _query(self, request: web.Request) -> Json:
        return self.world.presses[request.match_info["id"]].as_json()

    async def _list_faults(self, _: web.Request) -> list[Json]:
        faults = [asdict(fault) for fault in self.world.faults.armed]
        return [fault | {"methods": sorted(fault["methods"] or [])} for fault in faults]

    async def _add_user(self, request: web.Request) -> Json:
        return _user(self.world.add_user(**await _fields(request)))

    async def _add_group(self, request: web.Request) -> Json:
        return _chat(self.world.add_group(**await _fields(request)))

    async def _add_channel(self, request: web.Request) -> Json:
        return _chat(self.world.add_channel(**await _fields(request)))

    async def _set_member(self, request: web.Request) -> Json:
        spec = await _fields(request)
        by = spec.get("by") or spec["user_id"]
        self.world.set_member(spec["chat_id"], spec["user_id"], spec["status"], by=by)
        return {}

    async def _act(self, request: web.Request) -> Any:
        act = ACTS.get(request.match_info["name"])
        if act is None:
            raise ValueError(f"an act is one of {', '.join(ACTS)}")
        call = await read_call(request, "act")
        params = call.structure("params") if "params" in call.params else call.params
        if not isinstance(params, dict):
            raise ValueError("params must be an object")
        uploads = [call.files[name] for name in sorted(call.files)]
        return await act(self.world, Call(method="act", params=params), uploads)

    async def _inject(self, request: web.Request) -> Json:
        spec = await _fields(request)
        if "malformed" in spec:
            ids = [self.world.inject_malformed(spec["malformed"]) for _ in range(int(spec.get("count", 1)))]
        else:
            ids = self.world.inject_updates(spec["updates"])
        return {"first": ids[0] if ids else None, "last": ids[-1] if ids else None, "count": len(ids)}

    async def _add_fault(self, request: web.Request) -> Json:
        self.world.faults.add(**await _fields(request))
        return {"armed": len(self.world.faults.armed)}

    async def _clear_faults(self, _: web.Request) -> Json:
        self.world.faults.clear()
        return {"armed": 0}

    async def _set(self, request: web.Request) -> Json:
        spec = await _fields(request)
        if "flood_limits" in spec:
            self.world.flood.enabled = bool(spec["flood_limits"])
        if "can_read_all_group_messages" in spec:
            self.world.can_read_all_group_messages = bool(spec["can_read_all_group_messages"])
        return {}

    async def _events(self, request: web.Request) -> web.WebSocketResponse:
        since = int(request.query.get("since") or self.world.events.last)
        socket = web.WebSocketResponse(heartbeat=20)
        await socket.prepare(request)
        telling = asyncio.create_task(self._tell(socket, since))
        async for _ in socket:  # nothing is asked here; the loop ends when the page goes
            continue
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)
        return socket

    async def _tell(self, socket: web.WebSocketResponse, since: int) -> None:
        """Send batches of events; the page that missed some is told to read everything anew."""
        async for batch in self.world.events.follow(since):
            events = [] if batch is None else [asdict(event) for event in batch]
            await socket.send_json({"last": self.world.events.last, "reset": batch is None, "events": events})
        await socket.close()

    async def _file(self, request: web.Request) -> web.Response:
        stored = self.world.files.find(request.match_info["id"])
        if stored is None:
            raise web.HTTPNotFound
        return _bytes(stored.data, stored.mime_type, stored.file_name or "file")

    async def _library_content(self, request: web.Request) -> web.Response:
        item = self.world.library.get(int(request.match_info["id"]))
        if item is None:
            raise web.HTTPNotFound
        mime_type = "image/jpeg" if item.kind == "photo" and item.data[:2] == b"\xff\xd8" else item.mime_type
        mime_type = "image/png" if item.data[:4] == b"\x89PNG" else mime_type
        return _bytes(item.data, mime_type, item.file_name)


async def _fields(request: web.Request) -> Json:
    return dict((await read_call(request, "control")).params)


def _as_json(answer: _Answerer) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Answer with JSON; what can't be done becomes 400 with its reason."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return web.json_response(await answer(request))
        except ApiError as refusal:
            return web.json_response({"error": refusal.description}, status=400)
        except KeyError as error:
            return web.json_response({"error": f"unknown or missing: {error.args[0]}"}, status=400)
        except (ValueError, TypeError) as error:
            return web.json_response({"error": str(error)}, status=400)

    return handle


def _bytes(data: bytes, mime_type: str, file_name: str) -> web.Response:
    """Bytes that a browser shows only when they are a picture and never runs."""
    inline = mime_type in _INLINE
    kind = mime_type if inline else "application/octet-stream"
    headers = {
        "Content-Type": kind,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, max-age=3600",
        "Content-Disposition": "inline" if inline else content_disposition_header("attachment", filename=file_name),
    }
    return web.Response(body=data, headers=headers)


def _user(user: User) -> Json:
    return user.as_json() | {
        "caption": user.caption,
        "started": user.started,
        "has_blocked": user.has_blocked,
        "full_name": user.full_name,
    }


def _chat(chat: Chat) -> Json:
    return chat.as_json() | {"members": {str(number): status for number, status in chat.members.items()}}
