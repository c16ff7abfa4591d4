// The drawer: whom one can be, that person's chats, unread counters, the language of the page.

import { avatar, botAvatar, byId, h } from "./dom.js";
import { summary } from "./messages.js";
import { become, chatsOf, me, membersOf, messagesOf, on, store, unreadIn, unreadOf } from "./store.js";
import { language, LANGUAGES, setLanguage, t, translate } from "./strings.js";

export function setUpPeople(onLanguage) {
  on("people", render);
  on("messages", render);
  on("switch", closeDrawer);
  byId("drawer-toggle").addEventListener("click", openDrawer);
  byId("me-chip").addEventListener("click", openDrawer);
  byId("scrim").addEventListener("click", closeDrawer);
  document.addEventListener("keydown", (event) => event.key === "Escape" && closeDrawer());
  byId("languages").append(...LANGUAGES.map((code) => h("button", {
    type: "button", class: "language", dataset: { language: code, testid: "language" }, "aria-pressed": code === language(),
    onclick: () => {
      setLanguage(code);
      for (const one of byId("languages").children) one.setAttribute("aria-pressed", one.dataset.language === code);
      translate();
      onLanguage();
    },
  }, code.toUpperCase())));
  swipe();
}

const openDrawer = () => document.body.classList.add("drawer-open");
const closeDrawer = () => document.body.classList.remove("drawer-open");

/** On a phone the drawer closes by a swipe to the left. */
function swipe() {
  let from = null;
  byId("drawer").addEventListener("touchstart", (event) => (from = event.touches[0].clientX), { passive: true });
  byId("drawer").addEventListener("touchend", (event) => {
    if (from !== null && from - event.changedTouches[0].clientX > 60) closeDrawer();
    from = null;
  }, { passive: true });
}

function render() {
  byId("people").replaceChildren(...[...store.users.values()].map(person));
  const chats = me() ? chatsOf(store.me) : [];
  byId("chats-title").hidden = chats.length < 2;
  byId("chats").replaceChildren(...(chats.length < 2 ? [] : chats.map(place)));
  const others = [...store.users.values()].filter((one) => one.id !== store.me).reduce((sum, one) => sum + unreadOf(one.id), 0);
  byId("others-unread").hidden = !others;
  byId("others-unread").textContent = others > 99 ? "99+" : others;
  document.title = others ? `(${others}) ${store.bot.name ?? "Kalkan"}` : (store.bot.name ?? "Kalkan");
}

function badge(count) {
  return count ? h("span", { class: "badge", dataset: { testid: "unread" } }, count > 99 ? "99+" : count) : null;
}

function person(one) {
  const current = one.id === store.me;
  return h("button", {
    type: "button", class: current ? "person current" : "person", "aria-current": current ? "true" : null,
    dataset: { testid: "persona", persona: one.id, username: one.username ?? "" }, onclick: () => become(one.id),
  }, avatar(one.id, one.full_name),
  h("span", { class: "person-words" }, h("b", {}, one.full_name), h("span", {}, [one.caption, one.language_code].filter(Boolean).join(" · "))),
  badge(unreadOf(one.id)));
}

function place(one) {
  const isPrivate = one.type === "private";
  const last = messagesOf(one.id).at(-1);
  return h("button", {
    type: "button", class: one.id === store.chat ? "person current" : "person",
    dataset: { testid: "chat", chat: one.id }, onclick: () => become(store.me, one.id),
  }, isPrivate ? botAvatar() : avatar(one.id, one.title),
  h("span", { class: "person-words" }, h("b", {}, isPrivate ? store.bot.name : one.title),
    h("span", {}, last ? summary(last.body) : isPrivate ? t("bot") : `${membersOf(one)} ${t("members")}`)),
  badge(unreadIn(store.me, one.id)));
}
