// The page as a whole: the list, what is open, and the buttons above.

import { ask, byId, make, signs, tell } from "./dom.js";
import * as form from "./form.js";
import { clearPages, markSpot, showPages } from "./paper.js";
import { onNews, wish } from "./server.js";

const list = byId("departments");
let year = null;
let departments = [];
/** The department that is open, with its files. */
let open = null;
let file = null;
let unsaved = 0;

// ---- the list ----

async function showYear(asked) {
  const answer = await wish({ do: "year", year: asked });
  if (answer.refused) {
    tell(answer.refused);
    return false;
  }
  year = answer.year;
  departments = answer.departments;
  count(answer.unsaved);
  byId("workspace").textContent = answer.workspace;
  byId("year").replaceChildren(...answer.years.map((name) =>
    make("option", { value: name, selected: name === year }, name)));
  if (answer.own.length) tell(answer.own.join("\n"));
  showList();
  return true;
}

function showList() {
  const sought = byId("find").value.trim();
  const wanted = departments.filter((it) => it.folder.includes(sought) || it.folder === open?.name);
  const focus = document.activeElement?.dataset?.place;
  list.replaceChildren(...wanted.map(item));
  if (focus) [...list.querySelectorAll("button")].find((it) => it.dataset.place === focus)?.focus();
}

function item(department) {
  const isOpen = department.folder === open?.name;
  const button = make("button", {
    type: "button", className: "department", "aria-expanded": String(isOpen),
    onclick: () => isOpen ? closeDepartment() : openDepartment(department.folder),
  }, make("span", { className: "name" }, department.folder), ...signs(department.counts));
  button.dataset.place = department.folder;
  return make("li", {}, button, isOpen ? files() : null);
}

function files() {
  const all = open.files.map((it) => {
    const button = make("button", {
      type: "button", className: "file", "aria-current": it.file === file ? "page" : null,
      onclick: () => openFile(it.file),
    }, make("span", { className: "name" }, it.file === "部门.toml" ? "部门的栏目" : it.title),
    it.unsaved ? make("span", { className: "sign unsaved", title: "没有保存" }, "●", make("span", { className: "hidden" }, "没有保存")) : null,
    ...signs(it.counts));
    button.dataset.place = `${open.name}/${it.file}`;
    return make("li", {}, button);
  });
  const others = open.others.map((text) => make("li", { className: "other" }, text));
  return make("ul", { className: "files" }, ...all, ...others,
    make("li", {}, make("button", { type: "button", className: "new", onclick: newProject }, "＋ 新建项目")));
}

/** Reads anew what is in the department that is open. */
async function readDepartment() {
  if (!open) return false;
  const { name } = open;
  const answer = await wish({ do: "department", year, department: name });
  if (open?.name !== name) return false;
  if (answer.refused) {
    tell(answer.refused);
    open = null;
    showList();
    return false;
  }
  open = { name, files: answer.files, others: answer.others };
  if (answer.department) update(answer.department);
  showList();
  return true;
}

function update(department) {
  const index = departments.findIndex((it) => it.folder === department.folder);
  if (index >= 0) departments[index] = department;
}

async function openDepartment(name) {
  open = { name, files: [], others: [] };
  if (!await readDepartment()) return;
  const first = open.files.find((it) => it.file !== "部门.toml") ?? open.files[0];
  if (first) await openFile(first.file);
  else { form.close(); file = null; pages(); }
}

function closeDepartment() {
  open = null;
  showList();
}

async function openFile(name, path) {
  await form.settled();
  if (!open) return;
  const department = open.name;
  const answer = await wish({ do: "file", at: { year, department, file: name } });
  // Somebody has gone on to another department meanwhile.
  if (open?.name !== department) return;
  if (answer.refused) { tell(answer.refused); return; }
  file = name;
  form.take(answer, { isNew: true });
  showList();
  pages(true);
  if (path) form.goTo(path);
}

/** Reads anew the file that is open. */
async function readFile() {
  if (!open || !file) return;
  const asked = file;
  const department = open.name;
  const answer = await wish({ do: "file", at: { year, department, file: asked } });
  // Of what is no longer open, nothing is shown.
  if (open?.name !== department || file !== asked) return;
  if (answer.refused) { tell(answer.refused); form.close(); file = null; } else form.take(answer);
}

const pages = (isSought = false, answer = null) =>
  showPages({ year, department: open.name, file, isSought }, hit, answer);

/** Somebody has clicked on the paper. */
async function hit(name, path) {
  if (!name) return;
  if (name !== file) await openFile(name);
  if (path) form.goTo(path);
}

// ---- what changes ----

function count(files) {
  unsaved = files;
  byId("saving").textContent = files ? `${files} 个文件没有保存` : "都保存了";
  byId("save").disabled = files === 0;
}

let listed = "";
form.onForm({
  changed(view) {
    count(view.unsaved);
    byId("undo").disabled = !view.undo;
    byId("redo").disabled = !view.redo;
    if (view.department) update(view.department);
    const isOpen = open?.name === view.at.department;
    const own = isOpen ? open.files.find((it) => it.file === view.at.file) : null;
    if (own) {
      own.counts = view.counts;
      own.unsaved = !view.saved;
      const title = view.sections?.[0]?.fields?.find((it) => it.label === "项目名称")?.value;
      if (title && own.file !== "部门.toml") own.title = title;
    }
    // The list is drawn only when it shows something else.
    const now = JSON.stringify([view.department, own]);
    if (now !== listed) { listed = now; showList(); }
    const given = view.pages;
    view.pages = null; // Shown again, the form does not show old pages.
    if (isOpen) pages(false, given);
  },
  went(path) {
    const view = form.opened();
    if (view) markSpot(view.at, path);
  },
});

/** Somebody else changed something. */
async function news() {
  await form.settled();
  if (!await showYear(year)) return;
  if (await readDepartment()) await readFile();
}
onNews(news);

// ---- the buttons ----

async function save() {
  await form.settled();
  const answer = await wish({ do: "save" });
  if (answer.refused) { tell(answer.refused); return; }
  tell(answer.kept.join("\n"));
  count(answer.unsaved);
  if (await readDepartment()) await readFile();
}

async function print() {
  if (!open) { tell("先选一个部门。"); return; }
  await form.settled();
  if (unsaved) await save();
  const answer = await wish({ do: "print", year, department: open.name });
  if (answer.refused) { tell(answer.refused); return; }
  tell(`已印到 ${answer.printed}`);
  window.open(`pdf/${year}/${encodeURIComponent(open.name)}.pdf`, "_blank", "noopener");
}

async function quit() {
  await form.settled();
  if (unsaved && !confirm(`还有 ${unsaved} 个文件没有保存。放弃这些改动，结束吗？`)) return;
  const answer = await wish({ do: "quit", anyway: true });
  if (answer.refused) { tell(answer.refused); return; }
  unsaved = 0;
  document.body.replaceChildren(make("p", { className: "ended" }, "已经结束，可以关掉这个页面了。要再填，运行 jixiao edit。"));
}

function newProject() {
  ask(`在 ${open.name} 新建项目`, [{ label: "项目名称" }], async (name) => {
    const answer = await wish({ do: "new_project", year, department: open.name, name });
    if (answer.refused) return answer.refused;
    await readDepartment();
    await openFile(answer.at.file);
  });
}

function newDepartment() {
  const known = year ?? String(new Date().getFullYear() + 1);
  ask("新建部门", [{ label: "部门的全称" }, { label: "代码" }, { label: "年度", value: known }], async (name, code, wanted) => {
    const answer = await wish({ do: "new_department", year: wanted, name, code });
    if (answer.refused) return answer.refused;
    await showYear(answer.at.year);
    open = { name: answer.at.department, files: [], others: [] };
    await readDepartment();
    await openFile(answer.at.file);
  });
}

// ---- files of other programs ----

/** What a page may send in a wish. */
const LARGEST = 2.9 * 1024 * 1024;

const inBase64 = (given) => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
  reader.onerror = () => reject(reader.error);
  reader.readAsDataURL(given);
});

/** Takes in the forms of a file. */
function importFile(given) {
  if (given.size > LARGEST) {
    tell(`${given.name} 太大，这里导入不了；在命令行上运行：jixiao import 文件名`);
    return;
  }
  ask(`导入 ${given.name}`, [{ label: "年度（不写就照表上的）" }, { label: "部门的全称（表上没有写的时候用）" }], async (wanted, department) => {
    let base64;
    try { base64 = await inBase64(given); } catch { return "这个文件读不出来；确认它没有被移走，再试一次。"; }
    const answer = await wish({ do: "import", name: given.name, base64, year: wanted, department });
    if (answer.refused) return answer.refused;
    await showYear(answer.year ?? year);
    if (answer.department) await openDepartment(answer.department);
    tell([`从 ${given.name} 导入了 ${answer.projects} 个项目${answer.toReview ? `，${answer.toReview} 处待核对` : ""}`,
      ...answer.unplaced].join("\n"));
  });
}

byId("import").onclick = () => byId("import-file").click();
byId("import-file").onchange = ({ target }) => {
  if (target.files.length) importFile(target.files[0]);
  target.value = "";
};
addEventListener("dragover", (event) => {
  if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
});
addEventListener("drop", (event) => {
  const files = [...event.dataTransfer?.files ?? []];
  if (!files.length) return;
  event.preventDefault();
  if (document.querySelector("dialog[open]")) return;
  if (files.length > 1) tell("一次导入一个文件。"); else importFile(files[0]);
});

byId("year").onchange = async (event) => {
  open = null; file = null;
  form.close(); clearPages();
  await showYear(event.target.value);
};
byId("find").oninput = (event) => { if (!event.isComposing) showList(); };
byId("find").addEventListener("compositionend", showList);
byId("save").onclick = save;
byId("print").onclick = print;
byId("quit").onclick = quit;
byId("undo").onclick = form.undo;
byId("redo").onclick = form.redo;
byId("new-department").onclick = newDepartment;

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing) return;
  const key = event.key.toLowerCase();
  const what = key === "s" ? save : key === "z" && !event.shiftKey ? form.undo
    : key === "y" || (key === "z" && event.shiftKey) ? form.redo : null;
  if (!what || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  what();
});

addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

byId("undo").disabled = true;
byId("redo").disabled = true;
if (await showYear(null) && departments.length === 1) await openDepartment(departments[0].folder);
