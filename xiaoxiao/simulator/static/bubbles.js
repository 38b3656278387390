// A bubble of the chat, as WeChat draws it.

import { element, icon } from "./elements.js";
import { pictureAddress } from "./server.js";

const GAP = 5 * 60 * 1000; // a time line stands above the first bubble after a gap
const zone = { timeZone: "Asia/Shanghai" };
const clock = new Intl.DateTimeFormat("zh-CN", { ...zone, hour: "2-digit", minute: "2-digit", hour12: false });
const day = new Intl.DateTimeFormat("zh-CN", { ...zone, month: "long", day: "numeric" });

export function timeLine(bubble, previous) {
  const at = new Date(bubble.at);
  if (previous && at - new Date(previous.at) < GAP) return null;
  const today = day.format(at) === day.format(new Date());
  const text = today ? clock.format(at) : `${day.format(at)} ${clock.format(at)}`;
  return element("li", { class: "time" }, element("time", { datetime: bubble.at }, text));
}

/** `actions`: tap(text, menuId), trace(exchangeId). */
export function bubbleItem(bubble, citizen, account, actions) {
  if (bubble.side === "notice") {
    return element("li", { class: "notice" }, element("span", {}, bubble.text));
  }
  const mine = bubble.side === "citizen";
  const name = mine ? citizen.name : account.name;
  const item = element("li", { class: `message ${mine ? "mine" : "theirs"} kind-${bubble.kind}`, "data-id": bubble.id });
  const avatar = element("span", { class: `avatar ${mine ? "person" : "office"}`, "aria-hidden": "true" }, mine ? [...name].at(-1) : [...name][0]);
  const said = element("div", { class: "said" }, element("span", { class: "sr-only" }, `${name}:`), body(bubble, actions));
  if (bubble.exchange) {
    const trace = () => actions.trace(bubble.exchange);
    said.append(element("button", { type: "button", class: "trace", onclick: trace, "aria-label": "看这条消息的报文" }, "报文"));
  }
  item.addEventListener("click", () => item.classList.toggle("picked")); // touch screens cannot hover
  item.append(avatar, said);
  return item;
}

function body(bubble, actions) {
  const draw = { image, voice, location, link, file, news, template, msgmenu, video }[bubble.kind];
  return draw ? draw(bubble, actions) : element("div", { class: "bubble" }, ...texts(bubble.segments, actions));
}

function texts(segments, actions) {
  return segments.map((segment) => {
    if (segment.say !== null) {
      const tap = (event) => {
        event.preventDefault();
        actions.tap(segment.say, segment.menu_id);
      };
      const press = (event) => { if (event.key === " ") tap(event); };
      return element("a", { href: "#", role: "button", onclick: tap, onkeydown: press }, segment.text);
    }
    if (segment.url !== null) return outside(segment.url, {}, segment.text);
    return document.createTextNode(segment.text);
  });
}

function outside(url, attributes, ...children) {
  if (!/^https?:\/\//i.test(url || "")) return element("div", attributes, ...children);
  return element("a", { href: url, target: "_blank", rel: "noopener noreferrer", ...attributes }, ...children);
}

function image(bubble) {
  const address = pictureAddress(bubble.data.media_id);
  const picture = element("img", { src: address, alt: "图片", class: "picture", loading: "lazy" });
  picture.addEventListener("error", () => picture.replaceWith(element("div", { class: "bubble" }, "[图片已过期]")));
  return element("a", { href: address, target: "_blank", rel: "noopener noreferrer", "aria-label": "打开图片" }, picture);
}

function voice(bubble) {
  const said = bubble.text.replace(/^\[语音\]\s*/, "");
  const box = element("div", { class: "bubble voice" }, icon("voice"), element("span", {}, said ? "语音" : "语音(没有文字)"));
  return said ? element("div", {}, box, element("div", { class: "recognised" }, said)) : box;
}

function video(bubble) {
  return element("div", { class: "bubble" }, `[视频] ${bubble.side === "citizen" ? "" : bubble.text}`);
}

function location(bubble) {
  const { label, latitude, longitude } = bubble.data;
  return element("div", { class: "card place" },
    element("strong", {}, label || "位置"),
    element("small", {}, `纬度 ${latitude},经度 ${longitude}`),
    element("div", { class: "map", "aria-hidden": "true" }, icon("place")));
}

function link(bubble) {
  const { title, description, url } = bubble.data;
  return outside(url, { class: "card" }, element("strong", {}, title), element("small", {}, description || url));
}

function file(bubble) {
  const size = bubble.data.bytes < 1024 ? `${bubble.data.bytes} 字节` : `${Math.round(bubble.data.bytes / 1024)} KB`;
  return element("div", { class: "card file" }, icon("file"),
    element("div", {}, element("strong", {}, bubble.data.name), element("small", {}, size)));
}

function news(bubble) {
  const cards = bubble.data.articles.map((article) => {
    const picture = /^https?:\/\//i.test(article.picurl || "")
      ? element("img", { src: article.picurl, alt: "", loading: "lazy", referrerpolicy: "no-referrer" }) : null;
    return outside(article.url, { class: "card news" }, picture,
      element("strong", {}, article.title), element("small", {}, article.description || ""));
  });
  return element("div", { class: "cards" }, ...cards);
}

function template(bubble) {
  const { title, url } = bubble.data;
  const rest = bubble.text.slice(title.length).trim();
  return outside(url, { class: "card template" }, element("strong", {}, title), element("p", {}, rest),
    url ? element("span", { class: "detail" }, "查看详情 ›") : null);
}

function msgmenu(bubble, actions) {
  const entries = bubble.data.list.map((entry) => {
    const tap = () => actions.tap(entry.content, entry.id);
    return element("li", {}, element("button", { type: "button", class: "entry", onclick: tap }, entry.content));
  });
  return element("div", { class: "bubble menu-message" },
    bubble.data.head ? element("p", {}, bubble.data.head) : null,
    element("ul", {}, ...entries),
    bubble.data.tail ? element("p", {}, bubble.data.tail) : null);
}
