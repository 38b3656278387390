// One citizen's phone with the chat open.

import { bubbleItem, timeLine } from "./bubbles.js";
import { element, icon, iconButton } from "./elements.js";
import { menuColumns, menuKeys } from "./menu.js";
import { post, Refused } from "./server.js";
import * as tools from "./tools.js";

export class Phone {
  constructor(citizen, account, buttons, onTrace) {
    Object.assign(this, { citizen, account, buttons, onTrace, last: null, mode: "menu", typing: 0 });
    const id = `phone-${citizen.openid}`;
    this.title = element("h2", { id: `${id}-title` }, account.name);
    this.list = element("ol", {});
    this.log = element("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": `${citizen.name}的聊天`, tabindex: "0" }, this.list);
    this.error = element("p", { class: "error", role: "alert", hidden: true });
    this.foot = element("div", { class: "foot" });
    this.root = element("section", { class: "phone", id, role: "tabpanel", "aria-label": `${citizen.name}的微信`, tabindex: "-1" },
      this.header(), this.log, this.error, this.foot);
    citizen.bubbles.forEach((bubble) => this.add(bubble, false));
    this.drawFoot();
  }

  header() {
    const more = element("ul", { class: "popup more", role: "menu", "aria-label": "更多", hidden: true });
    const button = iconButton("more", "更多", () => this.toggleMore(), { "aria-haspopup": "menu", "aria-expanded": "false" });
    Object.assign(this, { more, moreButton: button });
    const box = element("div", { class: "more-box" }, button, more);
    box.addEventListener("keydown", (event) => menuKeys(event, more, button, (open) => this.toggleMore(open)));
    box.addEventListener("focusout", (event) => { if (!box.contains(event.relatedTarget)) this.toggleMore(false); });
    return element("header", {}, element("span", { class: "owner" }, this.citizen.name), this.title, box);
  }

  toggleMore(open = this.more.hidden) {
    this.more.hidden = !open;
    this.moreButton.setAttribute("aria-expanded", String(open));
    if (!open) return;
    const entries = [["查看报文", () => this.onTrace(this.citizen, null)], ["扫二维码", () => tools.scan(this)]];
    if (this.citizen.following) {
      entries.push(["上报位置(进入会话)", () => tools.enter(this)], ["取消关注", () => this.act({ act: "unfollow" })]);
    }
    this.more.replaceChildren(...entries.map(([label, run]) => element("li", { role: "none" }, element("button", {
      type: "button", role: "menuitem", tabindex: "-1", onclick: () => { this.toggleMore(false); this.moreButton.focus(); run(); },
    }, label))));
    this.more.querySelector("button").focus();
  }

  // --- what arrives ---------------------------------------------------------------------------------
  add(bubble, scroll = true) {
    const nearEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 120;
    const time = timeLine(bubble, this.last);
    if (time) this.list.append(time);
    this.last = bubble;
    const item = bubbleItem(bubble, this.citizen, this.account, {
      tap: (text, menuId) => this.act({ act: "tap", text, menu_id: menuId }),
      trace: (exchange) => this.onTrace(this.citizen, exchange),
    });
    this.list.append(item);
    if (bubble.side === "account") this.setTyping(0);
    if (!scroll || !(nearEnd || bubble.side === "citizen")) return;
    this.toEnd();
    item.querySelectorAll("img").forEach((picture) => picture.addEventListener("load", () => this.toEnd())); // it grows
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
  }

  setTyping(seconds) {
    clearTimeout(this.typing);
    this.title.textContent = seconds ? "对方正在输入…" : this.account.name;
    if (seconds) this.typing = setTimeout(() => this.setTyping(0), seconds * 1000);
  }

  setFollowing(following) {
    this.citizen.following = following;
    this.drawFoot();
  }

  setMenu(buttons) {
    this.buttons = buttons;
    this.drawFoot();
  }

  // --- the foot: menu bar, keyboard or voice -----------------------------------------------------------
  drawFoot() {
    const { draft } = this;
    if (!this.citizen.following) return void this.foot.replaceChildren(this.followRow());
    if (!this.buttons.length && this.mode === "menu") this.mode = "text";
    this.foot.replaceChildren(this.mode === "menu" ? this.menuRow() : this.inputRow(draft));
  }

  get draft() {
    return this.input ? this.input.value : "";
  }

  /** Bring back what was typed before the page was drawn anew. */
  restore(draft) {
    if (!draft || !this.citizen.following) return;
    this.switchTo("text");
    this.input.value = draft;
    this.input.dispatchEvent(new Event("input"));
  }

  followRow() {
    const follow = () => this.act({ act: "follow" });
    return element("div", { class: "follow" },
      element("span", { class: "avatar office", "aria-hidden": "true" }, [...this.account.name][0]),
      element("strong", {}, this.account.name),
      element("p", {}, "公众号 · 关注后才能聊天"),
      element("button", { type: "button", class: "primary", onclick: follow }, "关注公众号"));
  }

  switchTo(mode) {
    this.mode = mode;
    this.drawFoot();
    this.toEnd();
    (this.foot.querySelector("textarea, .talk") || this.foot.querySelector("button")).focus();
  }

  menuRow() {
    return element("div", { class: "menu-row" }, iconButton("keyboard", "打字", () => this.switchTo("text")),
      ...menuColumns(this.buttons, (button) => tools.clickMenu(this, button)));
  }

  inputRow(draft) {
    const talking = this.mode === "voice";
    const toMenu = this.buttons.length ? iconButton("menu", "菜单", () => this.switchTo("menu")) : null;
    const swap = talking ? iconButton("keyboard", "打字", () => this.switchTo("text")) : iconButton("voice", "语音", () => this.switchTo("voice"));
    const panel = this.panel((run) => { this.togglePanel(panel, plus); run(); }); // else it would hide the answer
    const plus = iconButton("plus", "更多功能", () => this.togglePanel(panel, plus), { "aria-expanded": "false" });
    const middle = talking ? this.talkButton() : this.textField(draft, plus);
    const row = element("div", { class: "input-row" }, toMenu, swap, middle, talking ? null : this.sendButton, plus);
    return element("div", {}, row, panel);
  }

  textField(draft, plus) {
    this.input = element("textarea", { rows: 1, "aria-label": `以${this.citizen.name}的身份说`, maxlength: 10000, enterkeyhint: "send" });
    this.input.value = draft;
    this.sendButton = element("button", { type: "button", class: "send", onclick: () => this.say() }, "发送");
    const redraw = () => {
      this.input.style.height = "auto";
      this.input.style.height = `${Math.min(this.input.scrollHeight, 120)}px`;
      this.sendButton.hidden = !this.input.value.trim();
      plus.hidden = !this.sendButton.hidden;
    };
    this.input.addEventListener("input", redraw);
    this.input.addEventListener("keydown", (event) => {
      // while an input method composes, Enter chooses a word
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.say();
    });
    this.sendButton.hidden = !draft.trim();
    plus.hidden = !this.sendButton.hidden;
    return this.input;
  }

  talkButton() {
    this.input = null;
    return element("button", { type: "button", class: "talk", onclick: () => tools.talk(this) }, "点这里 说话");
  }

  panel(use) {
    const entries = [["photo", "照片", () => tools.photo(this)], ["place", "位置", () => tools.place(this)],
      ["file", "文件", () => tools.file(this)], ["link", "链接", () => tools.link(this)], ["scan", "扫一扫", () => tools.scan(this)]];
    return element("div", { class: "panel", hidden: true }, ...entries.map(([name, label, run]) => element("button",
      { type: "button", onclick: () => use(run) }, element("span", { class: "tile" }, icon(name)), label)));
  }

  togglePanel(panel, plus) {
    panel.hidden = !panel.hidden;
    plus.setAttribute("aria-expanded", String(!panel.hidden));
    this.toEnd();
    if (!panel.hidden) panel.querySelector("button").focus();
  }

  // --- what she does --------------------------------------------------------------------------------
  async act(data) {
    this.error.hidden = true;
    try {
      await post("/act", { openid: this.citizen.openid, ...data });
      return true;
    } catch (error) {
      this.warn(error instanceof Refused ? error.message : "没有发出去:连不上服务器。");
      return false;
    }
  }

  warn(text) {
    this.error.textContent = text;
    this.error.hidden = false;
  }

  async say() {
    const { input } = this;
    const text = input.value;
    if (!text.trim()) return;
    input.value = "";
    input.dispatchEvent(new Event("input"));
    if (!(await this.act({ act: "say", text })) && !input.value) {
      input.value = text; // nothing she typed is lost
      input.dispatchEvent(new Event("input"));
    }
    input.focus();
  }
}
