// Builds DOM nodes. Text always goes in as text, never as markup.

export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const PATHS = {
  keyboard: "M3 6h18v12H3zM6 9h2M11 9h2M16 9h2M6 12h2M11 12h2M16 12h2M8 15h8",
  menu: "M4 7h16M4 12h16M4 17h16",
  voice: "M8 9a4 4 0 0 1 0 6M11 7a7 7 0 0 1 0 10M14 5a10 10 0 0 1 0 14",
  plus: "M12 3a9 9 0 1 0 .01 0M12 8v8M8 12h8",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  photo: "M3 5h18v14H3zM3 16l5-5 4 4 3-3 6 5M16 9h.01",
  place: "M12 21s7-6.500 7-11.500a7 7 0 0 0-14 0C5 14.500 12 21 12 21zM12 9.500h.01",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  link: "M10 14l4-4M9 11l-2 2a3 3 0 0 0 4 4l2-2M15 13l2-2a3 3 0 0 0-4-4l-2 2",
  scan: "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M3 12h18",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name, label, onclick, attributes = {}) {
  return element("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...attributes }, icon(name));
}
