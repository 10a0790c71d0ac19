// The form of one file, made from the form definition: fields, amounts, rows, and what is said of them.

import { byId, make, pathName, tell } from "./dom.js";
import { wish } from "./server.js";

const form = byId("form");

/** The file that is open: as the program has it. */
let view = null;
/** What the page does with what changed; and where somebody went. */
let calls = { changed() {}, went() {} };
/** The inputs by the names of their paths. */
let inputs = new Map();
let isText = false;

export const opened = () => view;

export function onForm(given) { calls = given; }

// ---- changes, one after the other ----

let queue = Promise.resolve();

/** Asks for a change; what it is, is known when its turn comes. */
function change(what) {
  queue = queue.then(async () => {
    const asked = view && what();
    const answer = asked ? await wish(asked) : null;
    if (!answer) return null;
    if (answer.refused) tell(answer.refused);
    // Another file may have been opened meanwhile; it stays.
    else if (JSON.stringify(answer.at) === JSON.stringify(view?.at)) take(answer);
    return answer;
  });
  return queue;
}

/** Waits until every change is answered. */
export const settled = () => queue;

// With the change, the pages are asked for that it leads to: one way instead of two.
const patch = (given) => ({ do: "change", at: view.at, change: given, pages: true });

/** Sends what is typed into an input, but nothing half-composed; of what is not sent yet, the last. */
function typing(input, send) {
  input.addEventListener("compositionstart", () => { input.isComposing = true; });
  const typed = () => {
    input.isComposing = false;
    if (input.isUnsent) return;
    input.isUnsent = true;
    change(() => { input.isUnsent = false; return send(input.value); });
  };
  input.addEventListener("input", (event) => { if (!event.isComposing) typed(); });
  input.addEventListener("compositionend", typed);
  return input;
}

/** Whether an input holds what the program does not know yet. */
const isAhead = (input) => input.isComposing || input.isUnsent;

// ---- what is shown ----

/** Opens a file in the form, or shows it as it is now. */
export function take(answer, { isNew = false } = {}) {
  const before = view;
  view = answer;
  if (answer.told) tell(answer.told);
  const isOther = isNew || !before || JSON.stringify(before.at) !== JSON.stringify(answer.at);
  if (isOther) { isText = false; tell(""); }
  const mode = (it) => !it ? "" : it.disk !== null ? "conflict" : (isText || !it.sound) ? "text" : "form";
  const focus = focused();
  const isRebuilt = isOther || mode(before) !== mode(answer) || form.dataset.mode !== mode(answer)
    || (mode(answer) === "form" && shape(before) !== shape(answer));
  if (isRebuilt) {
    const top = form.scrollTop;
    build(mode(answer));
    form.scrollTop = isOther ? 0 : top;
    if (!isOther && focus) refocus(focus);
  }
  refresh(mode(answer));
  calls.changed(answer);
}

export function close() {
  view = null;
  form.replaceChildren(make("p", { className: "empty" }, "在左边选一个项目。"));
  delete form.dataset.mode;
}

/** How many rows there are: when that changes, the form is built anew. */
const shape = (it) => JSON.stringify(it.sections?.map((section) =>
  [section.waivers?.map((waiver) => waiver.code), section.groups?.map((group) => group.rows.length)]));

const groupOf = (table) => view.sections?.flatMap((section) => section.groups ?? []).find((it) => it.table === table);

/** The name of the input for a path. A row is known by its place: its name may be what is being typed. */
function key(path) {
  const rows = groupOf(path[0])?.rows;
  const index = rows?.findIndex((row) => row.name === path[1]) ?? -1;
  return pathName(index < 0 ? path : [path[0], index, path[2] ?? "名称"]);
}

function focused() {
  const input = document.activeElement;
  if (!form.contains(input)) return null;
  return { name: input.dataset.name, from: input.selectionStart, to: input.selectionEnd };
}

function refocus({ name, from, to }) {
  const input = name && inputs.get(name);
  if (!input) return;
  input.focus({ preventScroll: true });
  if (typeof from === "number" && input.setSelectionRange) input.setSelectionRange(from, to);
}

/** Goes to the field of a path, or to what it is in. */
export function goTo(path) {
  for (let length = path?.length ?? 0; length > 0; length -= 1) {
    const input = inputs.get(key(path.slice(0, length)));
    if (!input) continue;
    input.focus();
    input.scrollIntoView({ block: "center" });
    return true;
  }
  const isThere = path && document.getElementById(`group-${path[0]}`);
  if (isThere) { isThere.focus(); isThere.scrollIntoView({ block: "center" }); }
  return Boolean(isThere);
}

function build(mode) {
  inputs = new Map();
  form.dataset.mode = mode;
  const title = make("div", { className: "title" },
    make("h2", { id: "file-title" }),
    mode === "conflict" ? null : make("button", {
      type: "button",
      disabled: !view.sound && mode === "text",
      onclick: () => { isText = !isText; take(view); },
    }, mode === "text" ? "回到表" : "改文本"));
  const body = { conflict, text, form: fields }[mode]();
  form.replaceChildren(title, make("div", { id: "findings", className: "findings" }), ...body);
}

function refresh(mode) {
  byId("file-title").textContent = view.at.file.replace(/\.toml$/, "");
  findings();
  if (mode === "text") {
    const area = byId("text");
    if (!isAhead(area) && area.value !== view.text) area.value = view.text;
    return;
  }
  if (mode !== "form") return;
  for (const section of view.sections) {
    for (const field of section.fields ?? []) put(pathName(field.path), field.value);
    for (const group of section.groups ?? []) {
      group.rows.forEach((row, index) => {
        put(pathName([group.table, index, "名称"]), row.name);
        group.columns.forEach((column, at) => put(pathName([group.table, index, column.name]), row.values[at]));
      });
    }
    for (const waiver of section.waivers ?? []) put(pathName(["豁免", waiver.code]), waiver.reason);
  }
  marks();
}

/** Puts a value into its field, unless something else was typed there meanwhile. */
function put(name, value) {
  const input = inputs.get(name);
  if (!input) return;
  if (input.tagName === "OUTPUT") { input.textContent = value || "—"; return; }
  if (isAhead(input)) return;
  // What is written and is none of the words stands among them all the same.
  if (input.tagName === "SELECT" && ![...input.options].some((it) => it.value === value)) {
    input.append(make("option", { value }, value));
  }
  if (input.value !== value) { input.value = value; grow(input); }
}

// ---- the fields ----

/** Keeps an input under the name of its path; `now` says the path as it is when somebody goes there. */
function keep(input, path, now = () => path) {
  input.dataset.name = pathName(path);
  input.id ||= `field-${inputs.size}`;
  inputs.set(pathName(path), input);
  input.addEventListener("focus", () => calls.went(now()));
  return input;
}

function area(path, rows = 1, now = undefined) {
  const input = make("textarea", { rows, spellcheck: false, autocomplete: "off" });
  input.addEventListener("input", () => grow(input));
  return keep(input, path, now);
}

function number(path, now = undefined) {
  return keep(make("input", {
    type: "text", spellcheck: false, autocomplete: "off", inputMode: "decimal",
  }), path, now);
}

function choice(path, choices, now = undefined) {
  const none = make("option", { value: "" }, "（请选）");
  const options = choices.map((value) => make("option", { value }, value));
  return keep(make("select", {}, none, ...options), path, now);
}

/** As high as what is in it. */
function grow(input) {
  if (input.tagName !== "TEXTAREA") return;
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight + 2}px`;
}

function fields() {
  const sections = view.sections.map((section) => {
    const body = section.groups ? section.groups.map(group)
      : section.waivers ? waivers(section)
      : [section.help ? make("p", { className: "help" }, section.help) : null, ...section.fields.map(field)];
    if (body.length === 0) return null;
    return make("section", { className: "part", "aria-label": section.title },
      make("h3", { id: `group-${section.title}`, tabIndex: -1 }, section.title), ...body);
  });
  queueMicrotask(() => form.querySelectorAll("textarea").forEach(grow));
  return sections.filter(Boolean);
}

function field({ path, label, help, kind, choices, unit, required, override }) {
  let input;
  if (kind === "sum") {
    input = make("output", {});
    keep(input, path);
  } else {
    input = kind === "prose" ? area(path, 3) : kind === "amount" ? number(path)
      : kind === "choice" ? choice(path, choices) : area(path);
    if (kind === "text") single(input);
    typing(input, (text) => override && text === ""
      ? patch({ kind: "remove", path }) : patch({ kind: "value", path, text }));
  }
  const about = make("span", { className: "help", id: `${input.id}-help` }, help);
  const said = make("span", { className: "said", id: `${input.id}-said` });
  input.setAttribute("aria-describedby", `${about.id} ${said.id}`);
  if (required) input.setAttribute("aria-required", "true");
  const name = make("label", { htmlFor: input.id }, label, required ? make("span", { className: "need", "aria-hidden": "true" }, "必填") : null);
  const value = unit ? make("span", { className: "quantity" }, input, make("span", { className: "unit" }, unit)) : input;
  return make("div", { className: `field ${kind}` }, name, value, help ? about : null, said);
}

/** A text of one line, which may be long: Enter goes on to the next field. */
function single(input) {
  input.classList.add("single");
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.shiftKey) return;
    event.preventDefault();
    const all = [...form.querySelectorAll("input, select, textarea, .add")];
    all[all.indexOf(input) + 1]?.focus();
  });
}

/** More columns than that stand below the row's name, each with its word. */
const MOST_ABREAST = 2;

function group({ table, name, note, help, required, quantified, columns, rows }) {
  const needs = [required ? "必填" : "选填", quantified ? "指标值里要有数字" : null].filter(Boolean).join("，");
  const head = make("div", { className: "row head", "aria-hidden": "true" },
    make("span", {}, "三级指标"), ...columns.map((column) => make("span", {}, column.name)), make("span", {}));
  const add = () => change(() => {
    const names = new Set(groupOf(table).rows.map((row) => row.name));
    let row = "新指标";
    for (let number = 2; names.has(row); number += 1) row = `新指标${number}`;
    return patch({ kind: "add", table, row });
  }).then((answer) => {
    if (!answer || answer.refused) return;
    const input = inputs.get(pathName([table, groupOf(table).rows.length - 1, "名称"]));
    input?.focus();
    input?.select();
  });
  const isWide = columns.length > MOST_ABREAST;
  const element = make("div", { className: isWide ? "group wide" : "group" },
    make("h4", { id: `group-${table}`, tabIndex: -1 }, name, make("span", { className: "note" }, note)),
    make("p", { className: "help" }, `${needs}。${help}`),
    make("span", { className: "said", "data-said": pathName([table]) }),
    rows.length && !isWide ? head : null,
    ...rows.map((_, index) => rowOf(table, columns, index, rows.length)),
    make("button", { type: "button", className: "add", "aria-label": `${table}：添加一行`, onclick: add }, "＋ 添加一行"));
  element.style.setProperty("--columns", columns.length);
  return element;
}

function rowOf(table, columns, index, count) {
  const own = () => groupOf(table)?.rows[index]?.name ?? "";
  const name = area([table, index, "名称"], 1, () => [table, own()]);
  single(name);
  name.setAttribute("aria-label", `${table}第 ${index + 1} 行，三级指标`);
  typing(name, (text) => text === own() ? null : patch({ kind: "rename", table, row: own(), name: text }));
  const values = columns.map((column) => {
    const path = () => [table, own(), column.name];
    const place = [table, index, column.name];
    const input = column.kind === "choice" ? choice(place, column.choices, path)
      : column.kind === "amount" ? number(place, path) : area(place, 1, path);
    if (input.tagName === "TEXTAREA") single(input);
    input.setAttribute("aria-label", `${table}第 ${index + 1} 行，${column.name}`);
    input.title = column.help;
    return typing(input, (text) => patch({ kind: "value", path: path(), text }));
  });
  const move = (to, from) => {
    if (to < 0 || to >= count) return;
    const column = from && JSON.parse(from.dataset.name)[2];
    change(() => patch({ kind: "move", table, row: own(), to })).then((answer) => {
      if (!answer || answer.refused) return;
      if (column) inputs.get(pathName([table, to, column]))?.focus();
      else toolOf(to, to < index ? 0 : 1)?.focus();
    });
  };
  // The same button where the row went.
  const toolOf = (row, which) => {
    const all = byId(`group-${table}`).parentElement.querySelectorAll(".row:not(.head) .tools");
    const buttons = all[row]?.querySelectorAll("button");
    return buttons?.[buttons[which].disabled ? 1 - which : which];
  };
  const button = (text, label, onclick, disabled = false) =>
    make("button", { type: "button", "aria-label": `${table}第 ${index + 1} 行，${label}`, title: label, onclick, disabled }, text);
  const said = make("span", { className: "said", "data-said": pathName([table, index]), id: `${name.id}-said` });
  for (const input of [name, ...values]) input.setAttribute("aria-describedby", said.id);
  const cells = columns.length > MOST_ABREAST ? values.map((input, at) => make("span", { className: "cell" },
    make("span", { className: "help", "aria-hidden": "true" }, columns[at].name), input)) : values;
  const element = make("div", { className: "row" }, name, ...cells,
    make("span", { className: "tools" },
      button("↑", "上移（Alt+↑）", () => move(index - 1), index === 0),
      button("↓", "下移（Alt+↓）", () => move(index + 1), index === count - 1),
      button("✕", "删掉这一行", () => change(() => patch({ kind: "remove", path: [table, own()] })))),
    said);
  element.addEventListener("keydown", (event) => {
    if (!event.altKey || event.isComposing) return;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    move(index + step, event.target.dataset.name ? event.target : null);
  });
  return element;
}

function waivers({ waivers: all }) {
  return all.map(({ code, reason }) => {
    const path = ["豁免", code];
    const input = area(path);
    single(input);
    typing(input, (text) => patch({ kind: "value", path, text }));
    const said = make("span", { className: "said", "data-said": pathName(path), id: `${input.id}-said` });
    input.setAttribute("aria-describedby", said.id);
    return make("div", { className: "field" },
      make("label", { htmlFor: input.id }, `${code} 不用改，理由`), input,
      make("button", { type: "button", onclick: () => change(() => patch({ kind: "remove", path })) }, `删掉这条豁免：${code}`), said);
  });
}

// ---- what is said ----

function findings() {
  const all = view.findings;
  const place = byId("findings");
  const fixable = all.filter((it) => it.fix).length;
  const items = all.map((it) => make("li", { className: it.severity },
    make("button", { type: "button", className: "go", onclick: () => go(it) },
      make("span", { className: "kind" }, it.severity === "error" ? "错误" : "警告"), ` ${it.message}`),
    it.help.length ? make("span", { className: "help" }, it.help.join("；")) : null,
    it.fix ? make("button", { type: "button", className: "fix", "aria-label": `自动改：${it.message}`,
      onclick: () => change(() => ({ do: "repair", at: view.at, finding: it.id })) }, "自动改") : null,
    ["W701", "W702"].includes(it.code) ? make("button", { type: "button", className: "fix", "aria-label": `去掉记号：${it.message}`,
      onclick: () => change(() => ({ do: "done", at: view.at, finding: it.id })) }, it.code === "W701" ? "填好了，去掉记号" : "核对过了，去掉记号") : null));
  const key = JSON.stringify(all.map((it) => it.id));
  if (place.dataset.key === key) return;
  place.dataset.key = key;
  place.replaceChildren(...(all.length === 0 ? [make("p", { className: "fine" }, "没有问题")] : [
    make("p", { className: "count" }, `${all.length} 处要看`,
      fixable > 1 ? make("button", { type: "button", onclick: () => change(() => ({ do: "repair", at: view.at, finding: null })) },
        `能自动改的 ${fixable} 处全部改好`) : null),
    make("ul", {}, ...items)]));
}

function go(finding) {
  const text = byId("text");
  if (text) {
    text.focus();
    if (typeof finding.start === "number") {
      text.setSelectionRange(finding.start, finding.start);
      const lines = text.value.slice(0, finding.start).split("\n").length;
      text.scrollTop = Math.max(0, (lines - 4) * parseFloat(getComputedStyle(text).lineHeight));
    }
    return;
  }
  if (!goTo(finding.path)) { isText = true; take(view); go(finding); }
}

/** Says at each field what is said of it. */
function marks() {
  for (const [, input] of inputs) { input.removeAttribute("aria-invalid"); input.classList.remove("error", "warning"); }
  for (const said of form.querySelectorAll(".said")) said.replaceChildren();
  for (const finding of view.findings) {
    const path = finding.path;
    if (!path) continue;
    const input = inputs.get(key(path));
    if (input) {
      input.classList.add(finding.severity);
      if (finding.severity === "error") input.setAttribute("aria-invalid", "true");
    }
    const row = groupOf(path[0])?.rows.findIndex((it) => it.name === path[1]) ?? -1;
    const name = row < 0 ? pathName(path) : pathName([path[0], row]);
    const said = [...form.querySelectorAll(".said")].find((it) => it.dataset.said === name)
      ?? (input && byId(`${input.id}-said`));
    said?.append(make("span", { className: finding.severity }, finding.message));
  }
}

// ---- the text ----

function text() {
  if (!view.readable) return [make("p", { className: "refused" }, "这个文件的编码不对，在这里看不了：关掉这个页面，运行 jixiao check --fix，再打开。")];
  const input = make("textarea", { id: "text", className: "whole", spellcheck: false, value: view.text, "aria-label": "文件的内容" });
  inputs.set("text", input);
  input.dataset.name = "text";
  typing(input, (value) => value === view.text ? null : { do: "text", at: view.at, seen: view.version, text: value });
  return [view.sound ? null : make("p", { className: "help" }, "这个文件的写法有误，改好以后就能回到表里填。能自动改的，按“自动改”。"), input];
}

// ---- two versions ----

function conflict() {
  const keepVersion = (version) => () => change(() => ({ do: "keep", at: view.at, version }));
  const lines = (own, other) => {
    const known = new Set(other.split("\n"));
    return make("pre", { tabIndex: 0 }, ...own.split("\n").map((line) =>
      known.has(line) ? `${line}\n` : make("mark", {}, `${line}\n`)));
  };
  return [
    make("p", { className: "refused", role: "alert" }, "这个文件被别的程序改过，而这里还有没保存的改动。两个版本都在下面，不同的行画了底色；选一个，另一个可以用“撤销”找回来。"),
    make("div", { className: "versions" },
      make("section", { "aria-label": "网页上的" }, make("h3", {}, "网页上的"),
        make("button", { type: "button", onclick: keepVersion("mine") }, "用网页上的"), lines(view.text, view.disk)),
      make("section", { "aria-label": "文件里的" }, make("h3", {}, "文件里的"),
        make("button", { type: "button", onclick: keepVersion("disk") }, "用文件里的"), lines(view.disk, view.text))),
  ];
}

export const undo = () => change(() => ({ do: "undo", at: view.at }));
export const redo = () => change(() => ({ do: "redo", at: view.at }));
