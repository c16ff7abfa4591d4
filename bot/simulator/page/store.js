// What the page knows of the world, and who one is in it.

import { read } from "./api.js";

export const store = {
  bot: {}, users: new Map(), chats: new Map(), library: [], messages: new Map(), unread: new Map(),
  typing: new Map(), loaded: new Set(), commands: [], me: 0, chat: 0, lastEvent: 0,
};

const listeners = new Map();

/** Hear of a topic: people, messages, commands, typing, library. */
export function on(topic, listener) {
  if (!listeners.has(topic)) listeners.set(topic, []);
  listeners.get(topic).push(listener);
}

export function emit(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

export const user = (id) => store.users.get(Number(id));
export const me = () => user(store.me);
export const chat = (id) => store.chats.get(Number(id));
export const isBot = (id) => Number(id) === store.bot.id;

const IN = new Set(["creator", "administrator", "member"]);
export const isIn = (userId, place) => place.id === userId || IN.has(place.members[userId]);
export const membersOf = (place) => Object.values(place.members).filter((status) => IN.has(status)).length;
export const chatsOf = (userId) => [...store.chats.values()].filter((place) => isIn(userId, place));

/** The messages of a chat, oldest first. */
export function messagesOf(chatId) {
  return [...(store.messages.get(chatId)?.values() ?? [])].sort((a, b) => a.message_id - b.message_id);
}

export const find = (chatId, messageId) => store.messages.get(chatId)?.get(messageId);

export async function loadWorld() {
  const state = await read("state");
  store.bot = state.bot;
  store.users = new Map(state.users.map((one) => [one.id, one]));
  store.chats = new Map(state.chats.map((one) => [one.id, one]));
  store.library = state.library;
  if (!store.lastEvent) store.lastEvent = state.last_event;
  emit("people");
}

const loading = new Map(); // chat id -> changes that came while its messages were read

export async function loadChat(chatId) {
  loading.set(chatId, []);
  const list = await read("messages", { chat_id: chatId });
  store.messages.set(chatId, new Map(list.map((message) => [message.message_id, message])));
  store.loaded.add(chatId);
  const late = loading.get(chatId) ?? [];
  loading.delete(chatId);
  late.forEach((change) => change());
  emit("messages");
}

/** Change a chat's messages: at once, after its messages are read, or not at all when nobody has looked at it yet. */
export function apply(chatId, change) {
  if (loading.has(chatId)) loading.get(chatId).push(change);
  else if (store.loaded.has(chatId)) change();
}

export async function loadCommands() {
  if (!store.me || !store.chat) return;
  store.commands = await read("commands", { user_id: store.me, chat_id: store.chat });
  emit("commands");
}

/** Take over a new or changed message. */
export function put(message) {
  if (!store.messages.has(message.chat_id)) store.messages.set(message.chat_id, new Map());
  store.messages.get(message.chat_id).set(message.message_id, message);
}

const key = (userId, chatId) => `${userId}:${chatId}`;
export const unreadIn = (userId, chatId) => store.unread.get(key(userId, chatId)) ?? 0;
export const unreadOf = (userId) => chatsOf(userId).reduce((sum, place) => sum + unreadIn(userId, place.id), 0);

/** Count a message for everybody in the chat who neither wrote it nor looks at it. */
export function countUnread(message) {
  const place = chat(message.chat_id);
  if (!place) return;
  for (const one of store.users.values()) {
    const looking = one.id === store.me && place.id === store.chat && !document.hidden;
    if (one.id === message.sender_id || looking || !isIn(one.id, place)) continue;
    store.unread.set(key(one.id, place.id), unreadIn(one.id, place.id) + 1);
  }
}

export function markRead() {
  store.unread.delete(key(store.me, store.chat));
}

/** Become somebody, in one of that person's chats. */
export async function become(userId, chatId = userId) {
  store.me = userId;
  store.chat = chatId;
  markRead();
  history.replaceState(null, "", `#as=${userId}${chatId === userId ? "" : `&in=${chatId}`}`);
  emit("switch");
  emit("people");
  if (!store.loaded.has(chatId)) await loadChat(chatId);
  await loadCommands();
}
