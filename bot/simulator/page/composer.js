// Writing: text, commands with suggestions, replies and edits, start and unblock, the chat's own menu.

import { act } from "./api.js";
import { byId, h } from "./dom.js";
import { lastOwn, start } from "./chat.js";
import { startPayload } from "./entities.js";
import { nameOf, summary } from "./messages.js";
import { dialog, menu, toast } from "./popups.js";
import { chat, loadWorld, me, on, store } from "./store.js";
import { t } from "./strings.js";

const field = () => byId("text");
const drafts = new Map();
let context = null; // {kind: "reply" | "edit", message}
let draftKey = "";
let chosen = -1;

export function setUpComposer() {
  field().addEventListener("input", onInput);
  field().addEventListener("keydown", onKey);
  byId("send").addEventListener("click", submit);
  byId("commands").addEventListener("click", toggleCommands);
  byId("start").addEventListener("click", onStart);
  byId("chat-menu").addEventListener("click", (event) => openChatMenu(event.currentTarget));
  byId("context").querySelector("button").addEventListener("click", () => setContext(null));
  on("switch", onSwitch);
  on("people", renderStart);
  on("messages", renderStart);
  on("commands", renderSuggestions);
}

function onSwitch() {
  if (draftKey) drafts.set(draftKey, field().value);
  draftKey = `${store.me}:${store.chat}`;
  field().value = drafts.get(draftKey) ?? "";
  setContext(null, false);
  grow();
  renderStart();
  renderSuggestions();
}

/** A start button instead of the field for who never wrote, an unblock button for who blocked the bot. */
function renderStart() {
  const one = me();
  const isPrivate = chat(store.chat)?.type === "private";
  const never = isPrivate && !store.messages.get(store.chat)?.size && !one?.started;
  const blocked = isPrivate && Boolean(one?.has_blocked);
  byId("start").hidden = !never && !blocked;
  byId("start").textContent = t(blocked ? "restart" : "start");
  byId("compose-row").hidden = blocked;
  byId("chat-menu").hidden = !isPrivate;
}

async function onStart() {
  if (me().has_blocked) {
    await attempt(() => act("unblock", { user_id: store.me }));
    await loadWorld();
  } else await start("");
}

/** Put a command or text into the chat as if typed. */
export async function say(text) {
  await attempt(() => act("text", { user_id: store.me, chat_id: store.chat, text }));
}

async function attempt(action) {
  try {
    await action();
    return true;
  } catch (error) {
    toast(error.message, true);
    return false;
  }
}

async function submit() {
  const text = field().value.trim();
  if (!text) return;
  const where = { user_id: store.me, chat_id: store.chat };
  const { kind, message } = context ?? {};
  const before = field().value;
  field().value = "";
  grow();
  renderSuggestions();
  const done = await attempt(() => (kind === "edit"
    ? act("edit", { ...where, message_id: message.message_id, text })
    : act("text", { ...where, text, reply_to: message?.message_id ?? null })));
  if (done) setContext(null);
  else field().value = before;
  field().focus();
}

export function reply(message) {
  setContext({ kind: "reply", message });
}

export function edit(message) {
  setContext({ kind: "edit", message });
  field().value = message.body.text ?? message.body.caption ?? "";
  grow();
}

function setContext(next, focus = true) {
  if (context?.kind === "edit" && !next) field().value = "";
  context = next;
  const box = byId("context");
  box.hidden = !next;
  if (next) {
    const [title, line] = box.querySelectorAll("strong, div > span");
    title.textContent = next.kind === "edit" ? t("edit") : nameOf(next.message.sender_id);
    line.textContent = summary(next.message.body);
    box.querySelector("use").setAttribute("href", next.kind === "edit" ? "#i-edit" : "#i-reply");
    byId("send").querySelector("use").setAttribute("href", next.kind === "edit" ? "#i-check" : "#i-send");
  } else byId("send").querySelector("use").setAttribute("href", "#i-send");
  if (focus) field().focus();
  grow();
}

function grow() {
  const node = field();
  node.style.height = "auto";
  node.style.height = `${Math.min(node.scrollHeight, 160)}px`;
  byId("composer").classList.toggle("has-text", Boolean(node.value.trim()));
}

function onInput() {
  grow();
  chosen = -1;
  renderSuggestions();
}

function onKey(event) {
  const open = !byId("suggestions").hidden;
  const options = [...byId("suggestions").querySelectorAll("button")];
  if (open && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    event.preventDefault();
    chosen = (chosen + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length;
    renderSuggestions();
  } else if (open && (event.key === "Tab" || (event.key === "Enter" && chosen >= 0))) {
    event.preventDefault();
    options[Math.max(0, chosen)]?.click();
  } else if (event.key === "Escape") {
    if (open) hideSuggestions();
    else setContext(null);
  } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !matchMedia("(pointer: coarse)").matches) {
    event.preventDefault();
    submit();
  } else if (event.key === "ArrowUp" && !field().value && lastOwn()) {
    event.preventDefault();
    edit(lastOwn());
  }
}

function toggleCommands() {
  if (!byId("suggestions").hidden) return hideSuggestions();
  if (!store.commands.length) return toast(t("no_commands"));
  return showSuggestions(store.commands);
}

function hideSuggestions() {
  byId("suggestions").hidden = true;
}

function renderSuggestions() {
  const typed = /^\/(\w*)$/.exec(field().value);
  const fitting = typed ? store.commands.filter((item) => item.command.startsWith(typed[1].toLowerCase())) : [];
  if (fitting.length) showSuggestions(fitting);
  else hideSuggestions();
}

function showSuggestions(commands) {
  const box = byId("suggestions");
  box.replaceChildren(...commands.map((item, index) => h("button", {
    type: "button", role: "option", class: index === chosen ? "chosen" : "", "aria-selected": index === chosen,
    dataset: { testid: "command", command: item.command }, onclick: () => choose(item.command),
  }, h("b", {}, `/${item.command}`), h("span", {}, item.description))));
  box.hidden = false;
  box.children[chosen]?.scrollIntoView({ block: "nearest" });
}

function choose(command) {
  field().value = "";
  grow();
  hideSuggestions();
  say(`/${command}`);
}

function openChatMenu(anchor) {
  const blocked = me().has_blocked;
  menu(anchor, [
    ["link", t("open_link"), askForLink],
    ["block", t(blocked ? "unblock" : "block"), async () => {
      await attempt(() => act(blocked ? "unblock" : "block", { user_id: store.me }));
      await loadWorld();
    }, !blocked],
  ], "chat-menu");
}

function askForLink() {
  dialog("open-link", t("open_link").replace("…", ""), (close) => {
    const input = h("input", { type: "text", dataset: { testid: "link" }, autocomplete: "off", "aria-label": t("link_label"), placeholder: t("link_label") });
    const go = () => {
      const value = input.value.trim();
      const payload = /^[\w-]{1,64}$/.test(value) ? value : startPayload(value);
      if (payload === null) return toast(t("not_link"), true);
      close();
      return start(payload);
    };
    input.addEventListener("keydown", (event) => event.key === "Enter" && go());
    return [h("label", { class: "labelled" }, h("span", {}, t("link_label")), input),
      h("button", { class: "wide", type: "button", onclick: go, dataset: { testid: "open" } }, t("open"))];
  });
}
