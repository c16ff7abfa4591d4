// The chat one looks at: header, messages, scrolling, typing, the menu of a message.

import { act } from "./api.js";
import { botAvatar, avatar, byId, h } from "./dom.js";
import { renderRow, rowsOf } from "./messages.js";
import { closeMenu, menu, toast } from "./popups.js";
import { become, chat, me, membersOf, messagesOf, on, store } from "./store.js";
import { language, t } from "./strings.js";

const scroller = () => byId("scroller");
const places = new Map(); // "user:chat" -> distance from the bottom, or null for the bottom itself
const QUICK = ["👍", "👎", "❤", "🔥", "👀", "🤔"];
let shown = "";
let fresh = 0;
let hooks = {};

/** `hooks`: {reply(message), edit(message), command(text)} of the composer. */
export function setUpChat(given) {
  hooks = given;
  on("switch", showChat);
  on("messages", () => render());
  on("people", renderHeader);
  on("typing", renderTyping);
  scroller().addEventListener("scroll", remember, { passive: true });
  byId("to-bottom").addEventListener("click", () => scroller().scrollTo({ top: scroller().scrollHeight, behavior: "smooth" }));
  new ResizeObserver(() => atBottom && toBottom()).observe(scroller());
}

let atBottom = true;

function remember() {
  const node = scroller();
  const distance = node.scrollHeight - node.scrollTop - node.clientHeight;
  atBottom = distance < 60;
  if (shown) places.set(shown, atBottom ? null : node.scrollTop);
  if (atBottom) fresh = 0;
  renderJump();
}

function renderJump() {
  const button = byId("to-bottom");
  button.hidden = atBottom;
  const badge = button.querySelector(".badge");
  badge.hidden = !fresh;
  badge.textContent = fresh;
}

const toBottom = () => {
  scroller().scrollTop = scroller().scrollHeight;
};

function showChat() {
  closeMenu();
  shown = "";
  renderHeader();
  render();
  const key = `${store.me}:${store.chat}`;
  const place = places.get(key) ?? null;
  if (place === null) toBottom();
  else scroller().scrollTop = place;
  shown = key;
  fresh = 0;
  remember();
  renderTyping();
}

/** A new message came: follow it at the bottom, or count it below. */
export function onFresh(message) {
  if (message.chat_id !== store.chat) return;
  if (message.sender_id === store.me) {
    toBottom();
  } else if (!atBottom) {
    fresh += 1;
    renderJump();
  }
}

function renderHeader() {
  const place = chat(store.chat);
  if (!place) return;
  const isPrivate = place.type === "private";
  byId("chat-avatar").replaceChildren(isPrivate ? botAvatar() : avatar(place.id, place.title));
  byId("chat-title").textContent = isPrivate ? store.bot.name : place.title;
  renderTyping();
  const one = me();
  byId("me-chip").replaceChildren(avatar(one.id, one.full_name, true), h("span", {}, one.first_name));
}

const actions = {
  menu: openMenu,
  start: (payload) => start(payload),
  command: (text) => hooks.command(text),
  jump: (id) => jump(id),
};

/** Open the bot by a deep link as the person one is. */
export async function start(payload) {
  try {
    if (store.chat !== store.me) await become(store.me);
    await act("start", { user_id: store.me, payload });
  } catch (error) {
    toast(error.message, true);
  }
}

function jump(id) {
  const row = byId("messages").querySelector(`[data-message-id="${id}"]`);
  row?.scrollIntoView({ block: "center", behavior: "smooth" });
  row?.classList.add("flash");
  setTimeout(() => row?.classList.remove("flash"), 1200);
}

/** Bring the list up to date; rows that did not change keep their nodes. */
function render() {
  const box = byId("messages");
  const stay = atBottom;
  const known = new Map([...box.children].map((node) => [node.dataset.key, node]));
  const nodes = [];
  let day = "";
  let last = null;
  const list = messagesOf(store.chat);
  for (const row of rowsOf(list)) {
    const label = dayOf(row[0].body.date);
    if (label !== day) nodes.push(reuse(known, `d:${store.chat}:${label}`, () => h("div", { class: "day" }, h("span", {}, label))));
    const first = label !== day || last !== row[0].sender_id;
    day = label;
    last = row[0].sender_id;
    const key = `${store.me}:${row[0].chat_id}:${row[0].message_id}:${first}:${language()}:${JSON.stringify(row)}`;
    nodes.push(reuse(known, key, () => renderRow(row, first, actions)));
  }
  if (!list.length) nodes.push(emptyState());
  reconcile(box, nodes);
  if (stay) toBottom();
}

function reuse(known, key, make) {
  const node = known.get(key) ?? make();
  node.dataset.key = key;
  return node;
}

function reconcile(box, nodes) {
  const keep = new Set(nodes);
  for (const child of [...box.children]) if (!keep.has(child)) child.remove();
  nodes.forEach((node, index) => {
    if (box.children[index] !== node) box.insertBefore(node, box.children[index] ?? null);
  });
}

function dayOf(seconds) {
  const when = new Date(seconds * 1000);
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(when).setHours(0, 0, 0, 0)) / 86400000);
  if (days === 0) return t("today");
  if (days === 1) return t("yesterday");
  return when.toLocaleDateString(language(), { day: "numeric", month: "long", year: "numeric" });
}

function emptyState() {
  const place = chat(store.chat);
  const words = store.bot.descriptions ?? {};
  const about = words[me()?.language_code] ?? words[""] ?? "";
  const isPrivate = place?.type === "private";
  return h("div", { class: "empty", dataset: { testid: "empty" } }, isPrivate ? botAvatar() : null,
    isPrivate && about ? h("b", {}, t("what")) : null, h("p", {}, isPrivate && about ? about : t("no_messages")));
}

function renderTyping() {
  const place = chat(store.chat);
  if (!place) return;
  const action = store.typing.get(store.chat);
  const idle = place.type === "private" ? t("bot") : `${membersOf(place)} ${t("members")}`;
  byId("chat-status").textContent = action ? t(["upload_photo", "upload_document"].includes(action) ? action : "typing") : idle;
  byId("chat-status").classList.toggle("live", Boolean(action));
  const node = byId("typing");
  if (node.hidden !== !action) {
    node.hidden = !action;
    if (atBottom) toBottom();
  }
}

function openMenu(message, anchor) {
  const own = message.sender_id === store.me;
  const text = message.body.text ?? message.body.caption;
  const editable = own && !message.body.forward_origin && (message.body.text || message.body.photo || message.body.document);
  menu(anchor, [
    quickReactions(message),
    ["reply", t("reply"), () => hooks.reply(message)],
    editable ? ["edit", t("edit"), () => hooks.edit(message)] : null,
    text ? ["copy", t("copy"), () => copy(text)] : null,
    own || chat(store.chat).type === "private" ? ["trash", t("delete"), () => remove(message), true] : null,
  ], "message-menu");
}

function quickReactions(message) {
  const set = new Set(message.reactions.filter((one) => one.user_id === store.me).map((one) => one.emoji));
  const choose = (emoji) => () => {
    closeMenu();
    const next = set.has(emoji) ? [] : [emoji];
    act("react", { ...target(message), emoji: next }).catch((error) => toast(error.message, true));
  };
  return h("div", { class: "quick", role: "group" }, QUICK.map((emoji) =>
    h("button", { type: "button", class: set.has(emoji) ? "chosen" : "", dataset: { testid: "react", emoji }, onclick: choose(emoji) }, emoji)));
}

const target = (message) => ({ user_id: store.me, chat_id: message.chat_id, message_id: message.message_id });

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(t("copied"));
  } catch (error) {
    toast(error.message, true);
  }
}

function remove(message) {
  act("delete", target(message)).catch((error) => toast(error.message, true));
}

/** The newest message of one's own that can be edited. */
export function lastOwn() {
  return messagesOf(store.chat).findLast((one) => one.sender_id === store.me && one.body.text && !one.body.forward_origin);
}
