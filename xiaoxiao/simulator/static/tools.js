// What she sends besides text: each asks for what it needs, then acts.

import { askLink, askPlace, askScan, askVoice, base64, chooseFile, confirmPhotos } from "./dialogs.js";

const LARGEST = 10 * 1024 * 1024; // bytes

export async function talk(phone) {
  const answer = await askVoice();
  if (answer) await phone.act({ act: "voice", text: answer.text.trim() });
}

/** Up to nine at once, as in WeChat; each is a message of its own. */
export async function photo(phone) {
  const chosen = (await chooseFile("image/*", true)).slice(0, 9).filter((each) => small(phone, each));
  if (!chosen.length || !(await confirmPhotos(chosen))) return;
  for (const each of chosen) {
    if (!(await phone.act({ act: "photo", content: await base64(each) }))) return;
  }
}

export async function file(phone) {
  const [chosen] = await chooseFile("");
  if (!chosen || !small(phone, chosen)) return;
  await phone.act({ act: "file", name: chosen.name, content: await base64(chosen) });
}

export async function place(phone) {
  const chosen = await askPlace("发送位置");
  if (chosen) await phone.act({ act: "location", ...chosen });
}

export async function enter(phone) {
  const chosen = await askPlace("上报位置");
  if (chosen) await phone.act({ act: "enter", ...chosen });
}

export async function link(phone) {
  const shared = await askLink();
  if (shared) await phone.act({ act: "link", ...shared });
}

export async function scan(phone) {
  const code = await askScan("扫带参数的二维码", "二维码的场景值");
  if (code) await phone.act({ act: "scan", scene: code.scene });
}

export async function clickMenu(phone, button) {
  const kind = button.type || "";
  if (kind === "view") window.open(button.url, "_blank", "noopener");
  const extra = await needed(phone, kind);
  if (extra) await phone.act({ act: "menu", name: button.name, ...extra });
}

/** What a menu entry of this kind asks for first; null when she cancels. */
async function needed(phone, kind) {
  if (kind.startsWith("scancode")) {
    const code = await askScan("扫一扫", "二维码的内容");
    return code && { scanned: code.scene };
  }
  if (kind.startsWith("pic_")) {
    const files = (await chooseFile("image/*", true)).filter((each) => small(phone, each));
    return files.length ? { photos: await Promise.all(files.map(base64)) } : null;
  }
  return kind === "location_select" ? askPlace("发送位置") : {};
}

function small(phone, chosen) {
  if (chosen.size <= LARGEST) return true;
  phone.warn("文件超过 10 MB,微信不收。");
  return false;
}
