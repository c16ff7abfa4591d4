// Building DOM nodes. Texts become text nodes only, so nothing a person writes is ever read as markup.

const SVG = "http://www.w3.org/2000/svg";

/** A node: h("div", {class: "x", dataset: {id: 1}, onclick: f}, "text", node, …); null children are left out. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("aria-") && typeof value === "boolean") {
      node.setAttribute(name, String(value));
      continue;
    }
    if (value === null || value === undefined || value === false) continue;
    if (name === "dataset") Object.assign(node.dataset, value);
    else if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name.startsWith("--")) node.style.setProperty(name, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** An icon of the sprite in index.html. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

export const byId = (id) => document.getElementById(id);

/** A round picture with initials, its colour taken from the id. */
export function avatar(id, name, small = false) {
  const letters = [...name.matchAll(/(?:^|\s)(\p{L}|\p{N})/gu)].map((match) => match[1]);
  const initials = letters.slice(0, 2).join("").toUpperCase() || "?";
  const hue = (Math.abs(Number(id)) * 137) % 360;
  return h("span", { class: small ? "avatar small" : "avatar", "--hue": hue, "aria-hidden": "true" }, initials);
}

/** The bot's own picture. */
export function botAvatar() {
  return h("span", { class: "avatar bot", "aria-hidden": "true" }, icon("shield"));
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  const units = ["KB", "MB", "GB"];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
