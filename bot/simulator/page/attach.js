// Sending pictures and files: picked, dropped or pasted, looked at, then sent as photos or as files.

import { act } from "./api.js";
import { byId, h, icon, size } from "./dom.js";
import { dialog, menu, toast } from "./popups.js";
import { store } from "./store.js";
import { t } from "./strings.js";

const MOST = 10;
const OTHER = ["voice", "video", "video_note", "sticker", "animation", "audio", "location", "contact", "poll", "dice"];

export function setUpAttach() {
  byId("attach").addEventListener("click", (event) => openMenu(event.currentTarget));
  for (const [id, asFile] of [["pick-photo", false], ["pick-file", true]]) {
    byId(id).addEventListener("change", (event) => {
      const files = [...event.target.files];
      event.target.value = "";
      if (files.length) review(files, asFile);
    });
  }
  setUpDrop();
  byId("text").addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (!files.length) return;
    event.preventDefault();
    review(files, !files.every(isPicture));
  });
}

const isPicture = (file) => /^image\/(jpeg|png|webp|gif|bmp)$/.test(file.type);

function openMenu(anchor) {
  menu(anchor, [
    ["image", t("photos"), () => byId("pick-photo").click()],
    ["file", t("files"), () => byId("pick-file").click()],
    ["grid", t("other"), () => setTimeout(() => openOther(anchor))],
  ], "attach-menu");
}

function openOther(anchor) {
  menu(anchor, OTHER.map((kind) => h("button", { type: "button", role: "menuitem", dataset: { item: kind }, onclick: () => {
    byId("menu").hidden = true;
    act("attachment", { user_id: store.me, chat_id: store.chat, kind }).catch((error) => toast(error.message, true));
  } }, h("span", {}, t(kind)))), "other-menu");
}

function setUpDrop() {
  const zone = byId("dropzone");
  let depth = 0;
  const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const hide = () => {
    depth = 0;
    zone.hidden = true;
  };
  document.addEventListener("dragenter", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    depth += 1;
    zone.hidden = false;
  });
  document.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    for (const drop of zone.children) drop.classList.toggle("over", drop.contains(event.target));
  });
  document.addEventListener("dragleave", () => (depth = Math.max(0, depth - 1)) || hide());
  document.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    const files = [...event.dataTransfer.files];
    const chosen = event.target.closest(".drop")?.dataset.as;
    hide();
    if (files.length) review(files, chosen ? chosen === "file" : !files.every(isPicture));
  });
}

/** Look at the files before they go: as what, with which caption, behind a spoiler or not. */
function review(files, asFile) {
  const kept = files.slice(0, MOST);
  if (files.length > MOST) toast(t("up_to_ten"), true);
  const urls = kept.map((file) => (isPicture(file) ? URL.createObjectURL(file) : null));
  const node = dialog("review", `${t(asFile ? "files" : "photos")} · ${kept.length}`, (close) => {
    const as = choice(kept.every(isPicture), asFile);
    const spoiler = h("input", { type: "checkbox", dataset: { testid: "with-spoiler" } });
    const caption = h("textarea", { rows: 2, maxlength: 1024, placeholder: t("caption"), "aria-label": t("caption"), dataset: { testid: "caption" } });
    const send = h("button", { class: "wide", type: "button", dataset: { testid: "send-files" } }, t("send"));
    const go = async () => {
      send.disabled = true;
      const params = { user_id: store.me, chat_id: store.chat, caption: caption.value.trim(), as_file: as.value() === "file", has_spoiler: spoiler.checked };
      try {
        await act("media", params, kept);
        close();
      } catch (error) {
        toast(error.message, true);
        send.disabled = false;
      }
    };
    send.addEventListener("click", go);
    caption.addEventListener("keydown", (event) => event.key === "Enter" && !event.shiftKey && (event.preventDefault(), go()));
    return [
      h("div", { class: `previews n${Math.min(kept.length, 3)}` }, kept.map((file, index) => preview(file, urls[index]))),
      as.node, h("label", { class: "check" }, spoiler, h("span", {}, t("with_spoiler"))), caption, send,
    ];
  });
  node.addEventListener("close", () => urls.forEach((url) => url && URL.revokeObjectURL(url)));
}

function preview(file, url) {
  return h("figure", {}, url ? h("img", { src: url, alt: "" }) : h("span", { class: "document-mark" }, icon("file")),
    h("figcaption", {}, `${file.name} · ${size(file.size)}`));
}

/** Two ways to send; only pictures can go as photos. */
function choice(pictures, asFile) {
  let value = pictures && !asFile ? "photo" : "file";
  const buttons = ["photo", "file"].map((kind) => h("button", {
    type: "button", disabled: kind === "photo" && !pictures, "aria-pressed": kind === value, dataset: { testid: `as-${kind}` },
    onclick: () => {
      value = kind;
      for (const one of buttons) one.setAttribute("aria-pressed", one.dataset.testid === `as-${kind}`);
    },
  }, t(`as_${kind}`)));
  return { node: h("div", { class: "segments" }, buttons), value: () => value };
}
