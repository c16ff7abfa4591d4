"""Making new messages: the fields that every Message of the Bot API has."""

from bot.simulator.messages import StoredMessage
from bot.simulator.people import Chat, User
from bot.simulator.shapes import Json
from bot.simulator.state import State


def new_message(
    state: State,
    chat: Chat,
    sender: User,
    content: Json,
    *,
    reply: StoredMessage | None = None,
    thread_id: int | None = None,
) -> StoredMessage:
    """Number a message, fill in sender, chat and date, and keep it. Nobody is told yet."""
    body: Json = {"message_id": state.messages.next_id(chat)}
    if chat.kind == "channel":
        body["sender_chat"] = chat.as_json()
    else:
        body["from"] = sender.as_json()
    body |= {"chat": chat.as_json(), "date": state.now()}
    if thread_id:
        body |= {"message_thread_id": thread_id, "is_topic_message": True}
    if reply is not None:
        body["reply_to_message"] = reply.as_reply()
    message = StoredMessage(chat_id=chat.id, sender_id=sender.id, body=body | content)
    state.messages.add(message)
    chat.last_sender = sender.id
    return message


def text_content(text: str, entities: list[Json]) -> Json:
    """The fields of a text message."""
    return {"text": text} | ({"entities": entities} if entities else {})


def caption_content(caption: str, entities: list[Json]) -> Json:
    """The caption fields of a media message."""
    if not caption:
        return {}
    return {"caption": caption} | ({"caption_entities": entities} if entities else {})
