// The drawer: what really went over the wire, for one citizen.

import { element } from "./elements.js";
import { get } from "./server.js";

const drawer = document.getElementById("drawer");
const list = document.getElementById("exchanges");
const toggle = document.getElementById("drawer-toggle");
const heading = document.getElementById("drawer-title");
const platform = document.getElementById("drawer-platform");
const clock = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false,
});

let shown = null; // the citizen
let opener = null;

export async function open(citizen, exchangeId = null) {
  if (drawer.hidden) opener = document.activeElement;
  drawer.hidden = false;
  toggle.setAttribute("aria-expanded", "true");
  await show(citizen);
  const entry = exchangeId && list.querySelector(`[data-id="${Number(exchangeId)}"]`);
  if (entry) {
    entry.querySelector("details").open = true;
    entry.querySelector("summary").focus();
    entry.scrollIntoView({ block: "start" });
  } else heading.focus();
}

export function close() {
  drawer.hidden = true;
  toggle.setAttribute("aria-expanded", "false");
  if (opener && opener.isConnected) opener.focus();
}

export async function show(citizen) {
  shown = citizen;
  if (drawer.hidden || !citizen) return;
  heading.textContent = `${citizen.name}的报文`;
  const { exchanges } = await get(`/exchanges?openid=${encodeURIComponent(citizen.openid)}`);
  if (shown !== citizen) return;
  list.replaceChildren(...exchanges.reverse().filter(wanted).map(entryItem));
  if (!list.childElementCount) list.append(element("li", { class: "hint" }, "还没有往来。"));
}

export function changed(exchange) {
  if (drawer.hidden || !shown || !wanted(exchange)) return;
  if (exchange.openid !== shown.openid && exchange.openid !== "") return;
  const present = list.querySelector(`[data-id="${Number(exchange.id)}"]`);
  const item = entryItem(exchange);
  if (!present) {
    list.querySelector(".hint")?.remove();
    list.prepend(item);
    return;
  }
  item.querySelector("details").open = present.querySelector("details").open;
  const focused = present.contains(document.activeElement);
  present.replaceWith(item);
  if (focused) item.querySelector("summary").focus();
}

const wanted = (exchange) => exchange.openid !== "" || platform.checked;

function entryItem(exchange) {
  const pushed = exchange.kind === "push";
  const failed = !/^(已回应|被动回复|收下了|等待回应)/.test(exchange.outcome) || errorCode(exchange) !== 0;
  const details = element("details", {},
    element("summary", {},
      element("span", { class: `way ${exchange.kind}` }, pushed ? "推送" : "接口"),
      element("span", { class: "title" }, pushed ? exchange.title : `/cgi-bin/${exchange.title}`),
      element("span", { class: `outcome ${failed ? "failed" : ""}` }, outcome(exchange)),
      element("time", { datetime: exchange.at }, clock.format(new Date(exchange.at)))));
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1) details.append(...sections(exchange));
  });
  return element("li", { "data-id": exchange.id }, details);
}

function outcome(exchange) {
  const attempt = exchange.attempt > 1 ? `第 ${exchange.attempt} 次 · ` : "";
  const took = exchange.milliseconds === null ? "" : ` · ${exchange.milliseconds} 毫秒`;
  const code = errorCode(exchange);
  return `${attempt}${code ? `错误码 ${code}` : exchange.outcome}${took}`;
}

function errorCode(exchange) {
  if (exchange.kind !== "api" || !exchange.answer.startsWith("{")) return 0;
  try { return JSON.parse(exchange.answer).errcode || 0; } catch { return 0; }
}

function sections(exchange) {
  const query = Object.entries(exchange.query).map(([name, value]) => `${name} = ${value}`).join("\n");
  const parts = exchange.kind === "push"
    ? [["查询参数", query], ["加密前的 XML", exchange.plain], ["发给服务器的报文", exchange.sent],
      ["服务器的回应", exchange.answer], ["解密后的回应", exchange.answer_plain]]
    : [["查询参数", query], ["请求", exchange.sent], ["微信的回答", exchange.answer]];
  return parts.filter(([, text]) => text).map(([title, text]) => element("section", {},
    element("h3", {}, title), element("pre", { tabindex: "0", "aria-label": title }, pretty(text))));
}

export function pretty(text) {
  const start = text.trimStart()[0];
  if (start === "{") {
    try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
  }
  return start === "<" ? indent(text) : text;
}

/** Put every element on a line of its own, indented; CDATA stays whole. */
function indent(xml) {
  const tokens = xml.match(/<!\[CDATA\[[\s\S]*?\]\]>|<[^>]+>|[^<]+/g) || [xml];
  let depth = 0;
  let out = "";
  let textBefore = false;
  for (const token of tokens) {
    if (token.startsWith("</")) {
      depth -= 1;
      out += textBefore ? token : `\n${"  ".repeat(Math.max(0, depth))}${token}`;
      textBefore = false;
    } else if (token.startsWith("<") && !token.startsWith("<!")) {
      out += `${out ? "\n" : ""}${"  ".repeat(depth)}${token}`;
      if (!token.endsWith("/>")) depth += 1;
      textBefore = true; // an empty element closes on the same line
    } else if (token.trim()) {
      out += token;
      textBefore = true;
    }  else textBefore = false;
  }
  return out;
}

document.getElementById("drawer-close").addEventListener("click", close);
platform.addEventListener("change", () => show(shown));
drawer.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
