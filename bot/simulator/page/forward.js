// Forwarding: ready material of the library, or one's own text and picture with any of the four origins; in bursts.

import { act, libraryUrl } from "./api.js";
import { h, icon } from "./dom.js";
import { dialog, toast } from "./popups.js";
import { store } from "./store.js";
import { t } from "./strings.js";

const ORIGINS = ["user", "hidden_user", "channel", "chat"];
const MARKS = { user: "user", hidden_user: "mask", channel: "channel", chat: "group" };

export function openForward() {
  const sent = { user_id: store.me, chat_id: store.chat };
  dialog("forward-dialog", t("forward"), (close) => {
    const panels = { library: library(sent, close), own: own(sent, close) };
    const first = store.library.length ? "library" : "own";
    const show = (name) => {
      for (const [key, panel] of Object.entries(panels)) panel.hidden = key !== name;
      for (const tab of tabs) tab.setAttribute("aria-pressed", tab.dataset.tab === name);
    };
    const tabs = Object.keys(panels).map((name) => h("button", {
      type: "button", dataset: { testid: `tab-${name}`, tab: name }, onclick: () => show(name) }, t(name)));
    show(first);
    return [h("div", { class: "segments" }, tabs), ...Object.values(panels)];
  }, true);
}

function library(sent, close) {
  const chosen = new Set();
  const go = h("button", { class: "wide", type: "button", disabled: true, dataset: { testid: "forward-chosen" } }, t("choose"));
  const refresh = () => {
    go.disabled = !chosen.size;
    go.textContent = chosen.size ? `${t("forward_n")} · ${chosen.size}` : t("choose");
  };
  go.addEventListener("click", () => burst([...chosen].map((id) => () => act("library", { ...sent, item_id: id })), go, close));
  const groups = new Map();
  for (const item of store.library) {
    const name = item.group || t("group_by");
    groups.set(name, [...(groups.get(name) ?? []), item]);
  }
  const list = [...groups].map(([name, items]) => h("section", {}, h("h3", {}, name), h("div", { class: "items" }, items.map((item) => libraryItem(item, chosen, refresh)))));
  return h("div", { class: "panel" }, h("div", { class: "panel-scroll" }, list.length ? list : h("p", { class: "muted" }, t("nothing_ready"))), go);
}

function libraryItem(item, chosen, refresh) {
  const node = h("button", {
    type: "button", class: "item", "aria-pressed": "false", dataset: { testid: "library-item", item: item.id },
    onclick: () => {
      if (chosen.has(item.id)) chosen.delete(item.id);
      else chosen.add(item.id);
      node.setAttribute("aria-pressed", chosen.has(item.id));
      refresh();
    },
  },
  item.kind === "photo" ? h("img", { src: libraryUrl(item.id), alt: "", loading: "lazy" }) : h("span", { class: "item-mark" }, icon(item.kind === "text" ? "forward" : "file")),
  h("span", { class: "item-words" }, h("b", {}, item.title), item.text ? h("span", {}, item.text) : null, originLine(item.origin)),
  h("span", { class: "tick" }, icon("check")));
  return node;
}

function originLine(origin) {
  if (!origin) return null;
  const name = origin.sender_user_name ?? origin.chat?.title ?? origin.sender_chat?.title ?? origin.sender_user?.first_name;
  return h("span", { class: "item-origin" }, icon(MARKS[origin.type]), name);
}

function own(sent, close) {
  const queue = [];
  const type = h("select", { dataset: { testid: "origin-type" }, "aria-label": t("origin") }, ORIGINS.map((kind) => h("option", { value: kind }, t(`o_${kind}`))));
  const name = h("input", { type: "text", maxlength: 64, dataset: { testid: "origin-name" }, autocomplete: "off" });
  const username = h("input", { type: "text", maxlength: 32, dataset: { testid: "origin-username" }, autocomplete: "off" });
  const text = h("textarea", { rows: 4, maxlength: 4096, dataset: { testid: "forward-text" } });
  const picture = h("input", { type: "file", accept: "image/*", dataset: { testid: "forward-picture" } });
  const list = h("ol", { class: "queue", hidden: true, dataset: { testid: "burst" } });
  const go = h("button", { class: "wide", type: "button", dataset: { testid: "forward-own" } }, t("forward_n"));
  const userRow = labelled("username", username);
  type.addEventListener("change", () => (userRow.hidden = type.value === "hidden_user"));

  const current = () => {
    if (!text.value.trim() && !picture.files.length) return null;
    const origin = { type: type.value, name: name.value.trim() || "—", username: username.value.trim().replace(/^@/, "") };
    return { origin, text: text.value.trim(), files: [...picture.files] };
  };
  const add = () => {
    const one = current();
    if (!one) return;
    queue.push(one);
    text.value = "";
    picture.value = "";
    list.hidden = false;
    list.append(h("li", {}, h("b", {}, one.origin.name), ` ${one.text || t("photo")}`));
    go.textContent = `${t("forward_n")} · ${queue.length}`;
    text.focus();
  };
  go.addEventListener("click", () => {
    const all = [...queue, current()].filter(Boolean);
    if (all.length) burst(all.map((one) => () => forwardOne(sent, one)), go, close);
  });
  return h("div", { class: "panel" }, h("div", { class: "panel-scroll" },
    labelled("origin", type), h("div", { class: "pair" }, labelled("name", name), userRow),
    labelled("text", text), labelled("picture", picture), list),
  h("div", { class: "pair buttons" }, h("button", { class: "wide quiet", type: "button", onclick: add, dataset: { testid: "add-to-burst" } }, t("add")), go));
}

function labelled(key, field) {
  return h("label", { class: "labelled" }, h("span", {}, t(key)), field);
}

const forwardOne = (sent, { origin, text, files }) => (files.length
  ? act("media", { ...sent, origin, caption: text.slice(0, 1024) }, files)
  : act("text", { ...sent, origin, text }));

/** One after another without a pause, as a person who selects several messages and forwards them at once. */
async function burst(steps, button, close) {
  button.disabled = true;
  try {
    for (const step of steps) await step();
    close();
  } catch (error) {
    toast(error.message, true);
    button.disabled = false;
  }
}
