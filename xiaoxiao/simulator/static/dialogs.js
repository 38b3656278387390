// The small windows in which a citizen fills something in. One at a time; Escape cancels.

import { element } from "./elements.js";

const box = document.getElementById("dialog");

/** Ask for the fields; resolves to {name: value}, or null when cancelled.
 *  field: {name, label, type, value, options, required, hint, node}. */
export function ask(title, fields, submit = "发送") {
  return new Promise((resolve) => {
    const form = element("form", { method: "dialog" });
    const done = (value) => {
      box.removeEventListener("close", cancelled);
      if (box.open) box.close();
      resolve(value);
    };
    const cancelled = () => done(null);
    form.append(element("h2", { id: "dialog-title" }, title), ...fields.map(row));
    form.append(element("div", { class: "row buttons" },
      element("button", { type: "button", class: "quiet", onclick: cancelled }, "取消"),
      element("button", { type: "submit", class: "primary" }, submit)));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      done(Object.fromEntries(new FormData(form)));
    });
    box.replaceChildren(form);
    box.addEventListener("close", cancelled);
    box.showModal();
    (form.querySelector("[data-first]") || form.querySelector("input, textarea, select, .primary")).focus();
  });
}

function row(field) {
  if (field.node) return field.node;
  const id = `field-${field.name}`;
  const attributes = { id, name: field.name, required: field.required, placeholder: field.placeholder, maxlength: field.maxlength };
  let input;
  if (field.type === "textarea") input = element("textarea", { rows: 3, ...attributes }, field.value || "");
  else if (field.type === "select") {
    input = element("select", { ...attributes, onchange: field.onchange },
      ...field.options.map(([value, label]) => element("option", { value }, label)));
  } else input = element("input", { type: field.type || "text", value: field.value, step: field.step, ...attributes });
  const hint = field.hint ? element("small", { id: `${id}-hint` }, field.hint) : null;
  if (hint) input.setAttribute("aria-describedby", hint.id);
  return element("div", { class: "row" }, element("label", { for: id }, field.label), input, hint);
}

const PLACES = [
  ["样例区中心广场", 31.0008, 121.0012, "样例区人民路 1 号"],
  ["样例区人民路小学", 31.0022, 121.0035, "样例区人民路 45 号"],
  ["人民广场", 31.2304, 121.4737, "人民大道 200 号附近"],
  ["火车站", 31.2495, 121.4556, "秣陵路 303 号"],
  ["江边步道", 31.2397, 121.4912, "滨江步道 3 号口"],
  ["化工园区", 30.7417, 121.3013, "园区一路 1 号"],
  ["居民小区", 31.2165, 121.4365, "幸福里小区 5 号楼"],
];

export async function askPlace(title) {
  const fill = (event) => {
    const [, latitude, longitude, label] = PLACES[event.target.value];
    for (const [name, value] of Object.entries({ latitude, longitude, label })) {
      document.getElementById(`field-${name}`).value = value;
    }
  };
  const [, latitude, longitude, label] = PLACES[0];
  return ask(title, [
    { name: "place", label: "常用地点", type: "select", onchange: fill, options: PLACES.map(([name], number) => [number, name]) },
    { name: "label", label: "地址", value: label, maxlength: 200 },
    { name: "latitude", label: "纬度", type: "number", step: "any", value: latitude, required: true },
    { name: "longitude", label: "经度", type: "number", step: "any", value: longitude, required: true },
  ]);
}

export const askVoice = () => ask("发语音", [
  { name: "text", label: "说了什么", type: "textarea", hint: "留空:只有声音,微信没有识别出文字(现在的公众号大多这样)。" },
]);

export const askLink = () => ask("分享链接", [
  { name: "title", label: "标题", required: true, maxlength: 200 },
  { name: "description", label: "摘要", maxlength: 400 },
  { name: "url", label: "网址", type: "url", required: true, value: "https://" },
]);

export const askScan = (title, label) => ask(title, [
  { name: "scene", label, required: true, maxlength: 64 },
], "扫一扫");

export const askName = (suggestion) => ask("添加市民", [
  { name: "name", label: "名字", required: true, maxlength: 12, value: suggestion, hint: "同一个名字总是同一个微信号(openid)。" },
], "添加");

/** Let her choose a file; resolves to a File, or null. */
export function chooseFile(accept, multiple = false) {
  return new Promise((resolve) => {
    const input = element("input", { type: "file", accept, multiple, class: "sr-only", "aria-label": "选择文件" });
    const finish = (files) => { input.remove(); resolve(files); };
    input.addEventListener("change", () => finish([...input.files]));
    input.addEventListener("cancel", () => finish([]));
    document.body.append(input);
    input.click();
  });
}

export async function confirmPhotos(files) {
  const addresses = files.map((file) => URL.createObjectURL(file));
  const pictures = files.map((file, number) => element("img", { src: addresses[number], alt: `预览:${file.name}`, class: "preview" }));
  const node = element("div", { class: files.length > 1 ? "previews" : "" }, ...pictures);
  const answer = await ask(files.length > 1 ? `发送这 ${files.length} 张图片?` : "发送这张图片?", [{ node }]);
  addresses.forEach((address) => URL.revokeObjectURL(address));
  return answer !== null;
}

/** A file in Base64, without the "data:" head. */
export function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
