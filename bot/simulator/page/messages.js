// Bubbles: one row for a message or for the messages of an album, with everything that hangs on it.

import { act, fileUrl } from "./api.js";
import { avatar, botAvatar, h, icon, size } from "./dom.js";
import { link, renderText, startPayload } from "./entities.js";
import { lightbox, showAlert, toast } from "./popups.js";
import { chat, isBot, store, user } from "./store.js";
import { language, t } from "./strings.js";

const revealed = new Set();
const waiting = new Map(); // query id -> the button that waits for its answer
const OTHER = ["voice", "video", "video_note", "audio", "animation", "sticker", "venue", "location", "contact", "poll", "dice"];
const MARKS = { voice: "🎤", video: "🎬", video_note: "⏺", audio: "🎵", animation: "🎞", sticker: "🙂", venue: "📍",
  location: "📍", contact: "👤", poll: "📊", dice: "🎲" };

/** Messages grouped into rows: the items of an album that follow one another belong together. */
export function rowsOf(messages) {
  const rows = [];
  for (const message of messages) {
    const last = rows.at(-1);
    const album = message.body.media_group_id;
    if (album && last?.[0].body.media_group_id === album) last.push(message);
    else rows.push([message]);
  }
  return rows;
}

export function nameOf(id) {
  if (isBot(id)) return store.bot.name;
  return user(id)?.full_name ?? chat(id)?.title ?? "?";
}

/** `actions`: {menu(message, anchor), start(payload), command(text), jump(id)}; `first`: the sender changes here. */
export function renderRow(messages, first, actions) {
  const [head] = messages;
  const service = serviceText(head);
  if (service) return h("div", { class: "service", dataset: { testid: "message", messageId: head.message_id } }, service);
  const own = head.sender_id === store.me;
  const inGroup = chat(head.chat_id)?.type !== "private";
  const bubble = h("div", { class: "bubble" }, ...parts(messages, inGroup && !own && first, actions));
  const side = inGroup && !own ? h("div", { class: "side" }, first ? senderAvatar(head.sender_id) : null) : null;
  const column = h("div", { class: "column" }, bubble, keyboard(messages.at(-1), actions), null);
  const more = h("button", { class: "icon more", "aria-label": t("more"), dataset: { testid: "message-menu" },
    onclick: (event) => actions.menu(head, event.currentTarget) }, icon("more"));
  const classes = ["row", own ? "own" : "their", first ? "first" : "", isBot(head.sender_id) ? "from-bot" : ""];
  const row = h("article", {
    class: classes.filter(Boolean).join(" "),
    dataset: { testid: "message", messageId: head.message_id, from: own ? "me" : isBot(head.sender_id) ? "bot" : "other" },
    oncontextmenu: (event) => {
      if (event.target.closest("a, img, textarea")) return;
      event.preventDefault();
      actions.menu(head, event.target);
    },
  }, side, column, more);
  return row;
}

const senderAvatar = (id) => (isBot(id) ? botAvatar() : avatar(id, nameOf(id), true));

function serviceText(message) {
  const { body } = message;
  const who = message.sender_id === store.me ? t("you") : nameOf(message.sender_id);
  if (body.pinned_message) return `${who} ${t("pinned")}`;
  if (body.forum_topic_created) return `${who} ${t("topic")} «${body.forum_topic_created.name}»`;
  return null;
}

function parts(messages, named, actions) {
  const [head] = messages;
  const { body } = head;
  const media = mediaOf(messages);
  const spoken = messages.find((message) => message.body.caption) ?? head;
  const text = spoken.body.text ?? spoken.body.caption;
  const entities = spoken.body.entities ?? spoken.body.caption_entities;
  const context = { key: `${head.chat_id}:${spoken.message_id}`, revealed, onStart: actions.start, onCommand: actions.command };
  const above = body.show_caption_above_media;
  const words = text ? h("div", { class: "text", dataset: { testid: "message-text" } }, renderText(text, entities, context)) : null;
  return [
    named ? h("div", { class: "sender", "--hue": (Math.abs(head.sender_id) * 137) % 360 }, nameOf(head.sender_id)) : null,
    body.forward_origin ? origin(body.forward_origin) : null,
    body.reply_to_message ? quoted(body.reply_to_message, actions) : null,
    ...(above ? [words, media] : [media, words]),
    footer(messages),
  ];
}

function origin(source) {
  const hidden = source.type === "hidden_user";
  const name = source.sender_user_name ?? source.chat?.title ?? source.sender_chat?.title ?? fullName(source.sender_user);
  const mark = { user: "user", hidden_user: "mask", chat: "group", channel: "channel" }[source.type];
  return h("div", { class: "origin", dataset: { testid: "origin", origin: source.type } },
    h("span", { class: "origin-label" }, t("forwarded_from")),
    h("span", { class: "origin-name" }, icon(mark), h("b", {}, name), source.author_signature ? ` (${source.author_signature})` : "",
      hidden ? h("i", {}, ` · ${t("hidden_account")}`) : null));
}

const fullName = (one) => [one?.first_name, one?.last_name].filter(Boolean).join(" ");

export function summary(body) {
  if (body.text ?? body.caption) return body.text ?? body.caption;
  if (body.photo) return t("photo");
  if (body.document) return body.document.file_name ?? t("files");
  return t(OTHER.find((kind) => body[kind]) ?? "unsupported");
}

function quoted(body, actions) {
  const who = body.from ? (body.from.id === store.me ? t("you") : fullName(body.from)) : (body.sender_chat?.title ?? "");
  const shown = body.entities?.some((entity) => entity.type === "spoiler") ? "…" : summary(body);
  return h("button", { class: "quoted", type: "button", onclick: () => actions.jump(body.message_id), dataset: { testid: "quoted" } },
    h("b", {}, who), h("span", {}, shown));
}

function mediaOf(messages) {
  const photos = messages.filter((message) => message.body.photo);
  if (photos.length) {
    const wide = photos.length === 1 ? "single" : `n${photos.length}`;
    return h("div", { class: `photos ${wide}`, dataset: { testid: "photos" } }, photos.map(photo));
  }
  const documents = messages.filter((message) => message.body.document && !message.body.animation);
  if (documents.length) return h("div", { class: "documents" }, documents.map((message) => file(message.body.document)));
  const kind = OTHER.find((one) => messages[0].body[one]);
  return kind ? h("div", { class: "other-kind" }, h("span", { class: "mark" }, MARKS[kind]), t(kind)) : null;
}

function photo(message) {
  const sizes = message.body.photo;
  const shown = sizes.find((one) => Math.max(one.width, one.height) >= 600) ?? sizes.at(-1);
  const key = `${message.chat_id}:${message.message_id}:photo`;
  const hidden = message.body.has_media_spoiler && !revealed.has(key);
  const image = h("img", { src: fileUrl(shown.file_id), width: shown.width, height: shown.height, alt: t("photo"), loading: "lazy" });
  const frame = h("button", { class: hidden ? "photo veiled" : "photo", type: "button", "aria-label": t("photo"),
    dataset: { testid: hidden ? "photo-spoiler" : "photo" }, "--ratio": ratio(shown),
    onclick: () => {
      if (frame.classList.contains("veiled")) {
        revealed.add(key);
        frame.classList.remove("veiled");
        frame.dataset.testid = "photo";
      } else lightbox(fileUrl(sizes.at(-1).file_id));
    } }, image, h("span", { class: "veil" }, icon("eye")));
  return frame;
}

const ratio = (one) => Math.min(2.2, Math.max(0.62, one.width / one.height)).toFixed(3);

function file(item) {
  const preview = item.thumbnail ? h("img", { src: fileUrl(item.thumbnail.file_id), alt: "" }) : icon("file");
  return h("a", { class: "document", href: fileUrl(item.file_id), download: item.file_name ?? "file", dataset: { testid: "document" } },
    h("span", { class: "document-mark" }, preview),
    h("span", { class: "document-words" }, h("b", {}, item.file_name ?? "file"), h("span", {}, size(item.file_size ?? 0))));
}

function footer(messages) {
  const { body } = messages[0];
  const edited = messages.some((message) => message.body.edit_date);
  const when = new Date(body.date * 1000);
  const clock = when.toLocaleTimeString(language(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const chips = messages.flatMap((message) => message.reactions.map((one) => chip(one)));
  return h("div", { class: chips.length ? "foot with-chips" : "foot" },
    chips.length ? h("div", { class: "chips" }, chips) : null,
    h("span", { class: "meta" },
      body.has_protected_content ? h("span", { class: "lock", title: t("protected") }, "🔒") : null,
      edited ? h("span", { dataset: { testid: "edited" } }, t("edited")) : null,
      h("time", { datetime: when.toISOString() }, clock)));
}

function chip(reaction) {
  const own = reaction.user_id === store.me;
  return h("span", { class: own ? "chip own-chip" : "chip", title: nameOf(reaction.user_id), dataset: { testid: "reaction" } },
    h("span", { class: "emoji" }, reaction.emoji), isBot(reaction.user_id) ? icon("shield") : avatar(reaction.user_id, nameOf(reaction.user_id), true));
}

function keyboard(message, actions) {
  const rows = message.body.reply_markup?.inline_keyboard;
  if (!rows) return null;
  let place = 0;
  return h("div", { class: "keyboard", dataset: { testid: "keyboard" } },
    rows.map((row) => h("div", { class: "keys" }, row.map((button) => key(message, button, place++, actions)))));
}

function key(message, button, place, actions) {
  const props = { class: `key ${button.style ?? ""}`, dataset: { testid: "inline-button", button: place } };
  if (button.url) {
    const payload = startPayload(button.url);
    const node = link(button.url, { onStart: actions.start });
    node.className = props.class;
    Object.assign(node.dataset, props.dataset);
    node.append(h("span", {}, button.text), h("i", { class: "corner" }, payload === null ? "↗" : "▸"));
    return node;
  }
  const node = h("button", { ...props, type: "button", onclick: () => press(message, button, place, node) }, h("span", {}, button.text));
  return node;
}

async function press(message, button, place, node) {
  if (button.copy_text) {
    await navigator.clipboard?.writeText(button.copy_text.text);
    toast(t("copied"));
    return;
  }
  if (!button.callback_data || node.classList.contains("busy")) return;
  node.classList.add("busy");
  setTimeout(() => node.classList.remove("busy"), 15000);
  try {
    const query = await act("press", { user_id: store.me, chat_id: message.chat_id, message_id: message.message_id, button: place });
    if (query.answer) settle(query, node);
    else if (early.has(query.query_id)) settle(early.get(query.query_id), node);
    else waiting.set(query.query_id, node);
  } catch (error) {
    node.classList.remove("busy");
    toast(error.message, true);
  }
}

const early = new Map(); // answers that came before the press was told

/** An answer to a press: a toast, an alert or a link, for the person who pressed. */
export function onAnswer(query) {
  if (waiting.has(query.query_id)) settle(query, waiting.get(query.query_id));
  else early.set(query.query_id, query);
}

function settle(query, node) {
  waiting.delete(query.query_id);
  early.delete(query.query_id);
  node.classList.remove("busy");
  const { text, show_alert: alert, url } = query.answer;
  if (query.user_id !== store.me) return;
  if (text && alert) showAlert(text);
  else if (text) toast(text);
  if (url && /^https?:\/\//.test(url)) window.open(url, "_blank", "noopener,noreferrer");
}
