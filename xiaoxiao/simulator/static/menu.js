// The menu bar at the bottom: up to three columns, each a button or a list that pops up.

import { element } from "./elements.js";

export function menuColumns(buttons, onclick) {
  return buttons.map((button) => {
    const entries = button.sub_button || [];
    return entries.length ? column(button, entries, onclick) : single(button, onclick);
  });
}

function single(button, onclick) {
  return element("div", { class: "column" },
    element("button", { type: "button", onclick: () => onclick(button) }, button.name));
}

function column(button, entries, onclick) {
  const list = element("ul", { class: "popup", role: "menu", "aria-label": button.name, hidden: true });
  const top = element("button", { type: "button", "aria-haspopup": "menu", "aria-expanded": "false" }, element("span", { class: "lines", "aria-hidden": "true" }, "≡ "), button.name);
  const toggle = (open, focus) => {
    list.hidden = !open;
    top.setAttribute("aria-expanded", String(open));
    if (open && focus) list.querySelector("button").focus();
  };
  list.append(...entries.map((entry) => element("li", { role: "none" }, element("button", {
    type: "button", role: "menuitem", tabindex: "-1",
    onclick: () => { toggle(false); top.focus(); onclick(entry); },
  }, entry.name))));
  top.addEventListener("click", (event) => toggle(list.hidden, event.detail === 0));
  const box = element("div", { class: "column" }, top, list);
  box.addEventListener("keydown", (event) => menuKeys(event, list, top, toggle));
  box.addEventListener("focusout", (event) => { if (!box.contains(event.relatedTarget)) toggle(false); });
  return box;
}

/** Escape closes, the arrows move; `toggle(open, focusFirst)`. */
export function menuKeys(event, list, top, toggle) {
  if (event.key === "Escape" && !list.hidden) {
    event.stopPropagation();
    toggle(false);
    top.focus();
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  if (list.hidden) return void toggle(true, true);
  const items = [...list.querySelectorAll("button")];
  const step = event.key === "ArrowDown" ? 1 : -1;
  const start = items.indexOf(document.activeElement);
  items[(start + step + items.length) % items.length].focus();
}
