// The printed pages: only those that changed are replaced, and the reader's place is kept.

import { byId, make, tell } from "./dom.js";
import { wish } from "./server.js";

const paper = byId("paper");
let shown = [];
let wanted = null;
let isAsking = false;
let marked = null;

/** Shows the pages of a department; `of` says which, and the file that is being edited. */
export async function showPages(of, onHit) {
  // Whoever wanted to see a file still does.
  wanted = { of: { ...of, isSought: of.isSought || wanted?.of.isSought }, onHit };
  if (isAsking) return;
  isAsking = true;
  while (wanted) {
    const now = wanted;
    wanted = null;
    const answer = await wish({ do: "pages", year: now.of.year, department: now.of.department });
    if (answer.refused) { paper.replaceChildren(make("p", { className: "empty" }, answer.refused)); shown = []; continue; }
    await replace(answer, now);
  }
  isAsking = false;
}

/** No pages at all. */
export function clearPages() {
  shown = [];
  wanted = null;
  paper.replaceChildren(make("p", { className: "empty" }, "选了部门，这里就是印出来的样子。"));
}

async function replace({ pages, findings }, { of, onHit }) {
  const isOther = shown.of !== `${of.year}/${of.department}`;
  const old = new Map(isOther ? [] : shown.map((page) => [page.id, page]));
  // A page in the place of another takes its element, so that nothing moves.
  const next = pages.map((page, index) => {
    const known = old.get(page.id);
    if (known) { old.delete(page.id); return { ...known, ...page }; }
    const before = isOther ? null : shown[index];
    const isFree = before && !pages.some((other) => other.id === before.id);
    const element = isFree ? before.element : sheet();
    return { ...page, element, isNew: true };
  });
  // Loaded before they are shown: nothing flickers.
  await Promise.all(next.filter((page) => page.isNew).map(async (page) => {
    const picture = make("img", { alt: "", draggable: false });
    picture.src = `page/${page.id}.svg`;
    try { await picture.decode(); } catch { /* a newer page is on its way */ }
    page.picture = picture;
  }));
  next.forEach((page, index) => {
    const { element } = page;
    if (page.isNew) {
      element.style.setProperty("aspect-ratio", `${page.width} / ${page.height}`);
      element.querySelector("img")?.remove();
      element.prepend(page.picture);
      delete page.isNew;
      delete page.picture;
    }
    element.setAttribute("aria-label", `第 ${index + 1} 页`);
    element.classList.toggle("unprintable", !page.isPrintable);
    element.onclick = (event) => hit(event, page, onHit);
  });
  const told = findings.map((text) => make("p", { className: "refused" }, text));
  const elements = next.map((page) => page.element);
  // Only what is another is touched.
  const wantedNodes = [...told, ...elements];
  if (wantedNodes.length === 0) wantedNodes.push(make("p", { className: "empty" }, "这个部门还没有能排的表。"));
  const current = [...paper.children];
  if (current.length !== wantedNodes.length || current.some((node, index) => node !== wantedNodes[index])) {
    const top = paper.scrollTop;
    paper.replaceChildren(...wantedNodes);
    paper.scrollTop = isOther ? 0 : top;
  }
  shown = next;
  shown.of = `${of.year}/${of.department}`;
  if (of.isSought) showFile(of.file);
}

function sheet() {
  return make("div", { className: "sheet", role: "img" });
}

async function hit(event, page, onHit) {
  const box = page.element.getBoundingClientRect();
  const x = (event.clientX - box.left) / box.width * page.width;
  const y = (event.clientY - box.top) / box.height * page.height;
  const answer = await wish({ do: "hit", page: page.id, x, y });
  if (answer.refused) tell(answer.refused);
  else onHit(answer.file ?? page.file, answer.path);
}

/** Brings the first page of a file into view. */
function showFile(file) {
  marked?.remove();
  marked = null;
  const page = shown.find((page) => page.file === file);
  if (page) paper.scrollTop = page.element.offsetTop - paper.offsetTop - 8;
}

/** Marks where a value is printed. */
export async function markSpot(at, path) {
  const answer = await wish({ do: "spot", at, path });
  marked?.remove();
  marked = null;
  const page = shown.find((page) => page.id === answer.page);
  if (!page) return;
  const [left, top, right, bottom] = answer.sides;
  marked = make("div", { className: "spot" });
  marked.style.left = `${left / page.width * 100}%`;
  marked.style.top = `${top / page.height * 100}%`;
  marked.style.width = `${(right - left) / page.width * 100}%`;
  marked.style.height = `${(bottom - top) / page.height * 100}%`;
  page.element.append(marked);
  const place = marked.getBoundingClientRect();
  const view = paper.getBoundingClientRect();
  if (place.top < view.top || place.bottom > view.bottom) {
    paper.scrollTop += place.top - view.top - view.height / 3;
  }
}
