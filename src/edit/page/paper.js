// The printed pages: only what changed on them is replaced, and the reader's place is kept. Those that
// nobody sees are not drawn.

import { byId, make, tell } from "./dom.js";
import { wish } from "./server.js";

const paper = byId("paper");
let shown = [];
let wanted = null;
let lastAsked = null;
let isAsking = false;
let marked = null;

/** Shows the pages of a department; `of` says which, and the file that is being edited. They are asked
    for unless they are given. */
export async function showPages(of, onHit, given = null) {
  // Whoever wanted to see a file still does.
  wanted = { of: { ...of, isSought: of.isSought || wanted?.of.isSought }, onHit, given };
  if (isAsking) return;
  isAsking = true;
  while (wanted) {
    const now = wanted;
    wanted = null;
    lastAsked = { onHit: now.onHit, of: { ...now.of, isSought: false } };
    const answer = now.given ?? await wish({ do: "pages", year: now.of.year, department: now.of.department });
    if (answer.refused) { paper.replaceChildren(make("p", { className: "empty" }, answer.refused)); shown = []; continue; }
    await replace(answer, now);
  }
  isAsking = false;
}

/** No pages at all. */
export function clearPages() {
  shown = [];
  wanted = null;
  lastAsked = null;
  paper.replaceChildren(make("p", { className: "empty" }, "选了部门，这里就是印出来的样子。"));
}

async function replace({ pages, findings }, { of, onHit }) {
  const isOther = shown.of !== `${of.year}/${of.department}`;
  const old = new Map(isOther ? [] : shown.map((page) => [page.id, page]));
  // A page in the place of another takes its element, so that nothing moves and little is drawn anew.
  const next = pages.map((page, index) => {
    const known = old.get(page.id);
    if (known) { old.delete(page.id); return { ...known, ...page }; }
    const before = isOther ? null : shown[index];
    const isFree = before && !pages.some((other) => other.id === before.id);
    return { ...page, element: isFree ? before.element : sheet() };
  });
  next.forEach((page, index) => {
    const { element } = page;
    pageOf.set(element, page);
    element.style.setProperty("aspect-ratio", `${page.width} / ${page.height}`);
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
  await Promise.all(elements.filter((element) => inSight.has(element)).map(draw));
}

function sheet() {
  // What is drawn is a picture: no link in it leads anywhere.
  const element = make("div", { className: "sheet", role: "img" }, make("div", { className: "drawing", inert: true }));
  sight.observe(element);
  return element;
}

// ---- drawing ----

/** What is to be drawn on an element; and the elements that can be seen, or nearly. */
const pageOf = new WeakMap();
const inSight = new Set();
const sight = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) { inSight.add(target); draw(target); continue; }
    inSight.delete(target);
    target.firstElementChild.replaceChildren();
    delete target.dataset.drawn;
  }
}, { root: paper, rootMargin: "100% 0px" });

/** The outlines that are there, for all pages. */
const glyphs = byId("glyphs");
const known = new Set();

/** Never taken for HTML: nothing in it is run. */
const parsed = (svg) => document.adoptNode(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement);

/** Keeps outlines that are not known yet. */
function learn(outlines) {
  for (const symbol of [...parsed(outlines).children]) {
    if (known.has(symbol.id)) continue;
    known.add(symbol.id);
    glyphs.append(symbol);
  }
}

/** The picture of a page, when all its outlines are there. */
async function drawing(page) {
  // What a key stroke changed came along.
  let text = page.svg;
  if (page.glyphs) learn(page.glyphs);
  page.svg = null;
  page.glyphs = null;
  if (!text) {
    const response = await fetch(`page/${page.id}.svg`).catch(() => null);
    if (!response?.ok) return null;
    text = await response.text();
  }
  const svg = parsed(text);
  const names = [...svg.querySelectorAll("use")].map((it) => it.getAttribute("xlink:href")?.slice(1));
  const missing = [...new Set(names)].filter((name) => name && !known.has(name));
  if (missing.length > 0) {
    const answer = await wish({ do: "glyphs", names: missing });
    if (answer.refused) return null;
    learn(answer.glyphs);
  }
  return svg;
}

async function draw(element) {
  const page = pageOf.get(element);
  if (!page || element.dataset.drawn === page.id) return;
  const picture = await drawing(page);
  // A newer page is on its way, or nobody looks any more.
  if (pageOf.get(element)?.id !== page.id || !inSight.has(element)) return;
  if (!picture) {
    // Meanwhile another window looked at another department: the pages are to be asked for again.
    if (!element.dataset.lost && lastAsked) { element.dataset.lost = ""; showPages(lastAsked.of, lastAsked.onHit); }
    return;
  }
  delete element.dataset.lost;
  const place = element.firstElementChild;
  if (place.firstElementChild) renew(place.firstElementChild, picture);
  else place.replaceChildren(picture);
  element.dataset.drawn = page.id;
}

/** Makes an element what another is, and leaves alone what is the same in it. */
function renew(old, next) {
  if (old.isEqualNode(next)) return;
  const [before, after] = [[...old.childNodes], [...next.childNodes]];
  const isSame = before.length === after.length && old.cloneNode(false).isEqualNode(next.cloneNode(false));
  if (!isSame || before.length === 0) { old.replaceWith(next); return; }
  before.forEach((child, index) => renew(child, after[index]));
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
