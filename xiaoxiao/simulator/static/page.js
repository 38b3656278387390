// The page: phones side by side (tabs on a small screen), the drawer, and the stream of changes.

import { askName } from "./dialogs.js";
import * as drawer from "./drawer.js";
import { element } from "./elements.js";
import { Phone } from "./phone.js";
import { get, listen, post, Refused } from "./server.js";

const phones = new Map(); // openid → Phone
const stage = document.getElementById("phones");
const tabs = document.getElementById("tabs");
const banner = document.getElementById("banner");
const NAMES = ["小王", "小李", "张阿姨", "老陈", "小赵", "刘老师", "周大爷", "小孙"];
const life = document.querySelector('meta[name="simulator-life"]').content;
let account;
let buttons = [];
let current = null;
let wanted = null; // the citizen who was just added here

async function load() {
  const state = await get("/state");
  ({ account } = state);
  buttons = state.menu;
  const drafts = new Map([...phones].map(([openid, phone]) => [openid, phone.draft]));
  phones.clear();
  stage.replaceChildren();
  tabs.replaceChildren();
  state.citizens.forEach(addPhone);
  const openid = phones.has(current) ? current : state.citizens[0]?.openid;
  if (openid) select(openid);
  phones.forEach((phone, id) => {
    phone.restore(drafts.get(id));
    phone.toEnd();
  });
  return state.number;
}

function addPhone(citizen) {
  if (phones.has(citizen.openid)) return;
  const phone = new Phone(citizen, account, buttons, openDrawer);
  phones.set(citizen.openid, phone);
  stage.append(phone.root);
  tabs.append(element("button", {
    type: "button", role: "tab", id: `tab-${citizen.openid}`, "aria-controls": phone.root.id, "aria-selected": "false",
    tabindex: "-1", onclick: () => select(citizen.openid, true),
  }, citizen.name));
  phone.root.addEventListener("focusin", () => select(citizen.openid));
  if (!current || wanted === citizen.openid) select(citizen.openid, true);
}

function select(openid, reveal = false) {
  const former = current;
  current = openid;
  for (const [id, phone] of phones) {
    const chosen = id === openid;
    phone.root.classList.toggle("current", chosen);
    const tab = document.getElementById(`tab-${id}`);
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
  }
  const phone = phones.get(openid);
  if (reveal) {
    phone.root.scrollIntoView({ inline: "nearest", block: "nearest" });
    phone.toEnd();
  }
  if (former !== openid) drawer.show(phone.citizen);
}

function openDrawer(citizen, exchange) {
  select(citizen.openid);
  drawer.open(citizen, exchange);
}

tabs.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const ids = [...phones.keys()];
  const next = ids[(ids.indexOf(current) + step + ids.length) % ids.length];
  select(next, true);
  document.getElementById(`tab-${next}`).focus();
});

document.getElementById("add").addEventListener("click", async () => {
  const taken = new Set([...phones.values()].map((phone) => phone.citizen.name));
  const answer = await askName(NAMES.find((name) => !taken.has(name)) || "");
  if (!answer) return;
  try {
    wanted = (await post("/citizens", answer)).openid;
    if (phones.has(wanted)) select(wanted, true);
  } catch (error) {
    say(error instanceof Refused ? error.message : "没有加上:连不上服务器。");
  }
});

document.getElementById("drawer-toggle").addEventListener("click", (event) => {
  if (event.currentTarget.getAttribute("aria-expanded") === "true") drawer.close();
  else if (current) drawer.open(phones.get(current).citizen);
});

function say(text) {
  banner.textContent = text;
  banner.hidden = !text;
}

const HANDLERS = {
  bubble: (phone, data) => phone?.add(data),
  typing: (phone, data) => phone?.setTyping(data.seconds),
  following: (phone, data) => phone?.setFollowing(data.following),
  citizen: (phone, data) => addPhone(data),
  exchange: (phone, data) => drawer.changed(data),
  menu: (phone, data) => {
    buttons = data.buttons;
    phones.forEach((each) => each.setMenu(buttons));
  },
};

const number = await load();
await listen(number, life, {
  changed: (change) => HANDLERS[change.kind]?.(phones.get(change.openid), change.data),
  reset: load,
  alive: (present) => {
    say("");
    if (present !== life) window.location.reload(); // the server was started anew: this page's token is void
  },
  lost: () => say("连接断开,正在重新连接…"),
});
