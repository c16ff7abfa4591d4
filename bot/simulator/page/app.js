// Starts the page: reads the world, follows its events, becomes the first person.

import { follow } from "./api.js";
import { setUpAttach } from "./attach.js";
import { onFresh, setUpChat } from "./chat.js";
import { edit, reply, say, setUpComposer } from "./composer.js";
import { byId } from "./dom.js";
import { openForward } from "./forward.js";
import { onAnswer } from "./messages.js";
import { setUpPeople } from "./people.js";
import { toast } from "./popups.js";
import { apply, become, chat, countUnread, emit, isBot, loadChat, loadCommands, loadWorld, markRead, put, store, user } from "./store.js";
import { translate } from "./strings.js";

const ACTION_LASTS = 5500; // ms; Telegram's applications show an action for five seconds
const timers = new Map();

const handlers = {
  message(message) {
    apply(message.chat_id, () => put(message));
    countUnread(message);
    if (isBot(message.sender_id)) stopTyping(message.chat_id);
    if (message.chat_id === store.me && message.sender_id === store.me && user(store.me)) user(store.me).started = true;
    emit("messages");
    onFresh(message);
  },
  edit(message) {
    apply(message.chat_id, () => put(message));
    emit("messages");
  },
  reaction(message) {
    apply(message.chat_id, () => put(message));
    emit("messages");
  },
  delete({ chat_id: chatId, message_id: messageId }) {
    apply(chatId, () => store.messages.get(chatId).delete(messageId));
    emit("messages");
  },
  action({ chat_id: chatId, action }) {
    store.typing.set(chatId, action);
    clearTimeout(timers.get(chatId));
    timers.set(chatId, setTimeout(() => stopTyping(chatId), ACTION_LASTS));
    emit("typing");
  },
  answer: onAnswer,
  people: () => loadWorld().catch(report),
  library: () => loadWorld().catch(report),
  commands: () => loadCommands().catch(report),
  reset: () => reload().catch(report),
};

function stopTyping(chatId) {
  clearTimeout(timers.get(chatId));
  store.typing.delete(chatId);
  emit("typing");
}

const report = (error) => toast(error.message, true);

/** The page lost track: read everything anew. */
async function reload() {
  store.loaded.clear();
  await loadWorld();
  await loadChat(store.chat);
  await loadCommands();
}

/** Whom the address names: #as=USER&in=CHAT, or the first person. */
function wanted() {
  const query = new URLSearchParams(location.hash.slice(1));
  const one = user(query.get("as")) ?? [...store.users.values()][0];
  const place = chat(query.get("in"));
  return one ? [one.id, place ? place.id : one.id] : null;
}

async function main() {
  translate();
  setUpChat({ reply, edit, command: say });
  setUpPeople(() => {
    emit("people");
    emit("messages");
  });
  setUpComposer();
  setUpAttach();
  byId("forward").addEventListener("click", openForward);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    markRead();
    emit("people");
  });
  await loadWorld();
  follow(store.lastEvent, handlers, (connected) => (byId("connection").hidden = connected));
  const first = wanted();
  if (first) await become(...first);
  else setTimeout(() => location.reload(), 2000);
  document.body.dataset.ready = "true";
}

main().catch(report);
