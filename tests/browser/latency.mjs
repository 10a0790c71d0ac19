// How long it takes from a key stroke to the new page in the browser, and from a change to what an editor
// is told, with a thousand departments in the workspace. Prints a table; docs/performance.md has one.

import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { MODULES, CHROMIUM, JIXIAO } = process.env;
const require = createRequire(join(MODULES, "package.json"));
const { chromium } = require("playwright-core");
const SAMPLE = join(import.meta.dirname, "../../data/2023/056-灵沙乡");
const [DEPARTMENTS, FORMS, STROKES, EDITS] = [1000, 200, 100, 1000];

// ---- a workspace of a thousand departments; the second has two hundred forms ----

const folder = mkdtempSync(join(tmpdir(), "jixiao-latency-"));
const year = join(folder, "data/2023");
const projects = readdirSync(SAMPLE).filter((name) => name !== "部门.toml").sort();
/** The text of a project under a name of its own. */
const renamed = (text, suffix) => text.replace(/("项目名称" = ")([^"]*)"/, `$1$2${suffix}"`);
for (let number = 0; number < DEPARTMENTS; number += 1) {
  const department = join(year, `${1000 + number}-部门${number}`);
  cpSync(SAMPLE, department, { recursive: true });
  for (const name of [...projects, "部门.toml"]) {
    const text = readFileSync(join(department, name), "utf8");
    const own = name === "部门.toml"
      ? text.replaceAll("056", `${1000 + number}`).replaceAll("灵沙乡", `灵沙乡${number}`) : renamed(text, number);
    writeFileSync(join(department, name), own);
  }
}
const [SMALL, LARGE] = ["1000-部门0", "1001-部门1"];
for (let number = projects.length; number < FORMS; number += 1) {
  const text = readFileSync(join(SAMPLE, projects[number % projects.length]), "utf8");
  writeFileSync(join(year, LARGE, `${number}-项目${number}.toml`), renamed(text, `之${number}`));
}

// ---- what is measured ----

const rows = [];
const at = (times, part) => times.sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * part))];
const told = (what, times) => {
  rows.push(`| ${what} | ${at(times, 0.5).toFixed(0)} 毫秒 | ${at(times, 0.95).toFixed(0)} 毫秒 | ${times.length} |`);
  console.error(rows.at(-1));
};
/** The most memory that a process ever held, in MiB. */
const peak = (pid) => Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024);

async function editing() {
  const runtime = join(folder, "runtime");
  mkdirSync(runtime, { mode: 0o700 });
  const program = spawn(JIXIAO, ["-C", folder, "edit", "--no-open", "--quiet"], {
    stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, XDG_RUNTIME_DIR: runtime },
  });
  const address = await new Promise((resolve) => program.stdout.once("data", (data) => resolve(String(data).trim())));
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(address);
  // From the key stroke to the frame with the new picture, by the browser's own clock.
  const stroke = (index) => page.evaluate((index) => new Promise((resolve) => {
    const input = document.querySelector('[data-name=\'["项目期"]\']');
    const drawn = () => [...document.querySelectorAll(".sheet[data-drawn]")].map((it) => it.dataset.drawn).join(" ");
    const before = drawn();
    // What comes after the callback for a frame comes after its styles, its layout and its painting.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(performance.now() - start);
    const start = performance.now();
    input.value = `${index + 2}年`;
    input.dispatchEvent(new InputEvent("input", { bubbles: true }));
    const look = () => {
      if (drawn() !== before) requestAnimationFrame(() => port2.postMessage(null));
      else setTimeout(look, 1);
    };
    look();
  }), index);
  for (const [department, forms, strokes] of [[SMALL, projects.length, STROKES], [LARGE, FORMS, STROKES]]) {
    const list = page.locator("#departments");
    await list.getByRole("button", { name: department }).click();
    await list.getByRole("button", { name: /^村委会办公经费/ }).first().click();
    await page.locator("#file-title").filter({ hasText: projects[2].replace(".toml", "") }).waitFor();
    await page.waitForFunction((forms) => document.querySelectorAll(".sheet").length >= forms && document.querySelector(".sheet[data-drawn]"), forms);
    const times = [];
    for (let index = 0; index < strokes; index += 1) times.push(await stroke(index));
    told(`网页：按下最后一个键，到新的一页画出来，${forms} 张表的部门`, times.slice(2));
  }
  const wish = (wish) => fetch(`${address}wish`, { method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ page: "latency", wish }) }).then((answer) => answer.json());
  for (let index = 0; index < EDITS; index += 1) {
    const file = projects[index % projects.length];
    await wish({ do: "change", at: { year: "2023", department: SMALL, file }, change: { kind: "value", path: ["项目期"], text: `${index}年` } });
    await wish({ do: "pages", year: "2023", department: SMALL });
  }
  rows.push(`| 网页：再改 ${EDITS} 次，内存峰值 | ${peak(program.pid)} MiB | | |`);
  await browser.close();
  program.kill();
}

async function writing() {
  const program = spawn(JIXIAO, ["-C", folder, "lsp"], { stdio: ["pipe", "pipe", "inherit"] });
  let unread = Buffer.alloc(0);
  let heard = () => {};
  program.stdout.on("data", (data) => {
    unread = Buffer.concat([unread, data]);
    for (;;) {
      const head = unread.indexOf("\r\n\r\n");
      if (head < 0) return;
      const end = head + 4 + Number(/Content-Length: (\d+)/i.exec(unread.subarray(0, head))[1]);
      if (unread.length < end) return;
      const message = JSON.parse(unread.subarray(head + 4, end));
      unread = unread.subarray(end);
      heard(message);
    }
  });
  const send = (message) => {
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
    program.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    program.stdin.write(body);
  };
  const hear = (isIt) => new Promise((resolve) => { heard = (message) => isIt(message) && resolve(message); });
  let next = hear((message) => message.id === 1);
  send({ id: 1, method: "initialize", params: { capabilities: {}, processId: null, rootUri: null } });
  await next;
  send({ method: "initialized", params: {} });
  const path = join(year, SMALL, projects[2]);
  const uri = pathToFileURL(path).href;
  const text = readFileSync(path, "utf8");
  send({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "toml", version: 1, text } } });
  next = hear((message) => message.id === 2);
  send({ id: 2, method: "textDocument/foldingRange", params: { textDocument: { uri } } });
  await next;
  const times = [];
  for (let index = 0; index < 2 * STROKES; index += 1) {
    // Every other time, the first too, with a bracket that is not closed, so that something else is said.
    const changed = text.replace(`"项目期" = "1年"`, `"项目期" = "${index}年${"（".repeat((index + 1) % 2)}"`);
    next = hear((message) => message.method === "textDocument/publishDiagnostics" && decodeURI(message.params.uri) === decodeURI(uri));
    const start = performance.now();
    send({ method: "textDocument/didChange", params: { textDocument: { uri, version: index + 2 }, contentChanges: [{ text: changed }] } });
    await next;
    times.push(performance.now() - start);
  }
  told(`编辑器：改一处，到说出问题，${DEPARTMENTS} 个部门`, times);
  program.kill();
}

try {
  await editing();
  await writing();
  console.log(`| 做什么 | 中位数 | 95% 在此以内 | 次数 |\n|---|---|---|---|\n${rows.join("\n")}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
