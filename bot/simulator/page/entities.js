// A text with entities becomes DOM nodes. Offsets are UTF-16 units, which is what JavaScript strings count.

import { h } from "./dom.js";
import { store } from "./store.js";
import { language } from "./strings.js";

const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre" };
const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);

/** `context`: {key, onStart(payload), onCommand(text), revealed: Set}. */
export function renderText(text, entities, context) {
  // Of two over the same words the block is the outer one: a quotation holds its spoiler.
  const blocks = (entity) => (BLOCKS.has(entity.type) ? 1 : 0);
  const outerFirst = (a, b) => a.offset - b.offset || b.length - a.length || blocks(b) - blocks(a);
  const sorted = [...(entities ?? [])].sort(outerFirst);
  const root = document.createDocumentFragment();
  build(text, 0, text.length, sorted, root, context);
  return root;
}

function build(text, start, end, list, parent, context) {
  let at = start;
  for (let index = 0; index < list.length; ) {
    const entity = list[index];
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    index += 1;
    if (from >= to) continue;
    const inner = [];
    while (index < list.length && list[index].offset < to) inner.push(list[index++]);
    parent.append(text.slice(at, from));
    const [node, content] = nodeFor(entity, text.slice(from, to), context);
    build(text, from, to, inner, content, context);
    parent.append(node);
    // A block ends its line by itself: the newline after it would be an empty line.
    at = BLOCKS.has(entity.type) && text[to] === "\n" && to < end ? to + 1 : to;
  }
  parent.append(text.slice(at, end));
}

/** The node of an entity and the place inside it where its text goes. */
function nodeFor(entity, content, context) {
  if (TAGS[entity.type]) return same(h(TAGS[entity.type]));
  switch (entity.type) {
    case "spoiler": return same(spoiler(entity, context));
    case "blockquote": return same(h("blockquote"));
    case "expandable_blockquote": return expandable(entity, context);
    case "text_link": return same(link(entity.url, context));
    case "url": return same(link(content.includes("://") ? content : `https://${content}`, context));
    case "email": return same(h("a", { href: `mailto:${content}` }));
    case "bot_command":
      return same(h("a", { href: "#", class: "command", onclick: stop(() => context.onCommand(content)) }));
    case "date_time": return [moment(entity), h("span")];
    case "mention": case "text_mention": case "hashtag": case "cashtag": return same(h("span", { class: "mention" }));
    default: return same(h("span"));
  }
}

const same = (node) => [node, node];

const stop = (action) => (event) => {
  event.preventDefault();
  event.stopPropagation();
  action();
};

function spoiler(entity, context) {
  const key = `${context.key}:s${entity.offset}`;
  const open = context.revealed.has(key);
  const node = h("span", {
    class: open ? "spoiler open" : "spoiler", role: "button", tabindex: "0", dataset: { testid: "spoiler" },
    onclick: (event) => {
      if (node.classList.contains("open")) return;
      event.preventDefault();
      event.stopPropagation();
      context.revealed.add(key);
      node.classList.add("open");
    },
    onkeydown: (event) => event.key === "Enter" && node.click(),
  });
  return node;
}

function expandable(entity, context) {
  const key = `${context.key}:q${entity.offset}`;
  const content = h("div", { class: "quote-text" });
  const toggle = h("button", { class: "quote-toggle", type: "button", "aria-label": "…", dataset: { testid: "expand" } });
  const open = context.revealed.has(key);
  const node = h("blockquote", { class: open ? "expandable open" : "expandable" }, content, toggle);
  const flip = () => {
    node.classList.toggle("open");
    if (node.classList.contains("open")) context.revealed.add(key);
    else context.revealed.delete(key);
  };
  toggle.addEventListener("click", stop(flip));
  requestAnimationFrame(() => node.classList.toggle("short", content.scrollHeight <= content.clientHeight + 2 && !open));
  return [node, content];
}

/** A link: a deep link of this bot starts it; others open beside the page; what is no web address is plain text. */
export function link(url, context) {
  const payload = startPayload(url);
  if (payload !== null) {
    return h("a", { href: url, class: "deep", dataset: { testid: "deep-link" }, onclick: stop(() => context.onStart(payload)) });
  }
  if (!/^(https?|tg):\/\//i.test(url)) return h("span");
  return h("a", { href: url, title: url, target: "_blank", rel: "noopener noreferrer" });
}

/** The payload of t.me/BOT?start=PAYLOAD (empty when there is none), or null for any other address. */
export function startPayload(url) {
  let parsed;
  try {
    parsed = new URL(url.includes("://") ? url : `https://${url}`);
  } catch {
    return null;
  }
  const name = store.bot.username?.toLowerCase();
  const web = /^(www\.)?(t|telegram)\.me$/.test(parsed.hostname) && parsed.pathname.replace(/\//g, "").toLowerCase() === name;
  const app = parsed.protocol === "tg:" && parsed.searchParams.get("domain")?.toLowerCase() === name;
  return web || app ? (parsed.searchParams.get("start") ?? "") : null;
}

/** A moment in the reader's own time zone. */
function moment(entity) {
  const when = new Date(entity.unix_time * 1000);
  const shown = when.toLocaleString(language(), { dateStyle: "medium", timeStyle: "short" });
  return h("time", { datetime: when.toISOString(), class: "mention" }, shown);
}
