// What lies over the page for a while: toasts, alerts, menus, dialogs and the picture viewer.

import { byId, h, icon } from "./dom.js";
import { t } from "./strings.js";

export function toast(text, wrong = false) {
  const node = h("div", { class: wrong ? "toast wrong" : "toast", dataset: { testid: "toast" } }, text);
  byId("toasts").append(node);
  setTimeout(() => node.classList.add("going"), 3600);
  setTimeout(() => node.remove(), 4000);
}

/** A modal dialog; `build(close)` gives its content. It is removed when it closes. */
export function dialog(name, title, build, wide = false) {
  const node = h("dialog", { class: wide ? "sheet wide-sheet" : "sheet", dataset: { testid: name }, "aria-label": title });
  const close = () => node.close();
  const head = h("header", {}, h("h2", {}, title),
    h("button", { class: "icon", type: "button", "aria-label": t("cancel"), onclick: close, dataset: { testid: "close" } }, icon("close")));
  node.append(head, ...build(close));
  node.addEventListener("close", () => node.remove());
  node.addEventListener("mousedown", (event) => event.target === node && close());
  document.body.append(node);
  node.showModal();
  return node;
}

export function showAlert(text) {
  const node = h("dialog", { class: "alert", dataset: { testid: "alert" } }, h("p", {}, text));
  node.append(h("button", { class: "wide", type: "button", onclick: () => node.close() }, t("ok")));
  node.addEventListener("close", () => node.remove());
  document.body.append(node);
  node.showModal();
}

export function lightbox(url) {
  const node = h("dialog", { class: "lightbox", dataset: { testid: "lightbox" }, onclick: () => node.close() },
    h("img", { src: url, alt: t("photo") }),
    h("button", { class: "icon round", type: "button", "aria-label": t("cancel") }, icon("close")));
  node.addEventListener("close", () => node.remove());
  document.body.append(node);
  node.showModal();
}

/** A menu beside a node: items are [icon, label, action] or a ready node. */
export function menu(anchor, items, testid = "menu") {
  const box = byId("menu");
  closeMenu();
  box.dataset.open = testid;
  box.append(...items.filter(Boolean).map((item) => (item instanceof Node ? item : entry(...item))));
  box.hidden = false;
  place(box, anchor.getBoundingClientRect());
  box.querySelector("button")?.focus({ preventScroll: true });
  setTimeout(() => document.addEventListener("pointerdown", outside, true));
  document.addEventListener("keydown", escape, true);
}

function entry(mark, label, action, danger = false) {
  return h("button", { class: danger ? "danger" : "", type: "button", role: "menuitem", dataset: { item: mark },
    onclick: () => {
      closeMenu();
      action();
    } }, icon(mark), h("span", {}, label));
}

function place(box, around) {
  const { offsetWidth: width, offsetHeight: height } = box;
  const below = around.bottom + 6 + height <= innerHeight;
  const left = Math.min(Math.max(8, around.right - width), innerWidth - width - 8);
  const top = below ? around.bottom + 6 : Math.max(8, around.top - height - 6);
  box.style.left = `${left}px`;
  box.style.top = `${top}px`;
}

export function closeMenu() {
  const box = byId("menu");
  box.hidden = true;
  box.replaceChildren();
  document.removeEventListener("pointerdown", outside, true);
  document.removeEventListener("keydown", escape, true);
}

const outside = (event) => byId("menu").contains(event.target) || closeMenu();
const escape = (event) => event.key === "Escape" && closeMenu();
