// The editing page as people use it: fill in, correct, reorder, save, undo, two pages at once, a file
// that another program changes, a broken file. After each, `git diff` shows the lines that were meant
// and no others. Pictures of it are put into target/browser/pictures.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const { MODULES, CHROMIUM, JIXIAO, SCREENSHOTS } = process.env;
const require = createRequire(join(MODULES, "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
mkdirSync(SCREENSHOTS, { recursive: true });

const repository = join(import.meta.dirname, "../..");
const DEPARTMENT = "data/2023/056-灵沙乡";
const VILLAGE = `${DEPARTMENT}/03-村委会办公经费.toml`;

// ---- a workspace of its own, in git ----

const folder = mkdtempSync(join(tmpdir(), "jixiao-page-"));
cpSync(join(repository, DEPARTMENT), join(folder, DEPARTMENT), { recursive: true });
const git = (...words) => execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "core.quotepath=off", ...words],
  { cwd: folder, encoding: "utf8" });
git("init", "-q");
const commit = () => { git("add", "-A"); git("commit", "-q", "--allow-empty", "-m", "x"); };
commit();
/** The lines that were taken away and that came, but for where they are. */
const diff = () => git("diff", "-U0").split("\n").filter((line) => /^[+-](?![+-])/.test(line));
const read = (file) => readFileSync(join(folder, file), "utf8");
const write = (file, text) => writeFileSync(join(folder, file), text);

// ---- the program, and a browser ----

const program = spawn(JIXIAO, ["edit", "--no-open"], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
const address = await new Promise((resolve) => {
  let text = "";
  program.stdout.on("data", (data) => { text += data; if (text.includes("\n")) resolve(text.split("\n")[0]); });
});
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "zh-CN" });
context.setDefaultTimeout(15_000);
const faults = [];
const opened = async () => {
  const page = await context.newPage();
  page.on("console", (message) => { if (message.type() === "error") faults.push(message.text()); });
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.goto(address);
  await page.getByText("01-").first().waitFor({ state: "attached" }).catch(() => {});
  return page;
};

const steps = [];
const step = async (name, what) => {
  try {
    await what();
    steps.push(name);
    console.log(`✓ ${name}`);
  } catch (error) {
    await page.screenshot({ path: join(SCREENSHOTS, "failed.png") }).catch(() => {});
    console.error(`✗ ${name}`);
    throw error;
  }
};
const picture = (name) => page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
const save = async () => {
  await settled();
  await page.keyboard.press("Control+s");
  await page.waitForFunction(() => /^(保存了|都保存了)/.test(document.querySelector("#saving").textContent));
};
const field = (label) => page.locator("#form").getByRole("textbox", { name: label, exact: true });
const row = (group, number, column) => page.getByLabel(`${group}第 ${number} 行，${column}`, { exact: true });
const open = async (title) => {
  await page.locator("#departments").getByRole("button", { name: title }).click();
  await page.locator("#file-title").filter({ hasText: title }).waitFor();
};
/** Whatever was typed is known to the program. */
const settled = () => page.evaluate(async () => (await import(new URL("form.js", location.href))).settled());
const accessible = async (name) => {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document));
  const serious = violations.filter((it) => ["serious", "critical"].includes(it.impact));
  assert.deepEqual(serious.map((it) => `${it.id}: ${it.nodes.map((node) => node.html).slice(0, 3).join(" | ")}`), [], name);
};

let page = await opened();
try {
  await step("the list, the form and the paper are there", async () => {
    await page.locator("#file-title").waitFor();
    await page.locator(".sheet[data-drawn] use").first().waitFor({ state: "attached" });
    await open("村委会办公经费");
    await settled();
    assert.equal(await page.locator(".sheet").count() >= 11, true);
    await picture("open");
    await accessible("open");
  });

  await step("a value that is typed changes its bytes alone, and the paper", async () => {
    // What was drawn is marked, so that what is drawn anew can be told from it.
    const before = await page.evaluate(() => [...document.querySelectorAll(".sheet[data-drawn]")].map((it) => {
      for (const element of it.querySelectorAll("use")) element.wasThere = true;
      return it.dataset.drawn;
    }));
    await field("项目期").fill("2年");
    await page.waitForFunction((before) => [...document.querySelectorAll(".sheet[data-drawn]")].some((it) => !before.includes(it.dataset.drawn)), before);
    const after = await page.evaluate(() => [...document.querySelectorAll(".sheet[data-drawn]")].map((it) => {
      const all = [...it.querySelectorAll("use")];
      return { id: it.dataset.drawn, all: all.length, drawn: all.filter((element) => !element.wasThere).length };
    }));
    const changed = after.filter(({ id }) => !before.includes(id));
    assert.equal(changed.length, 1, "one page is another");
    assert.ok(changed[0].all > 200 && changed[0].drawn < 5, `${changed[0].drawn} glyphs of ${changed[0].all} were drawn anew`);
    assert.ok(after.length < await page.locator(".sheet").count(), "what nobody sees is not drawn");
    assert.deepEqual(diff(), []);
    await save();
    assert.deepEqual(diff(), ['-"项目期" = "1年"', '+"项目期" = "2年"']);
  });

  await step("undo takes it back, in steps", async () => {
    await page.keyboard.press("Control+z");
    await page.waitForFunction(() => [...document.querySelectorAll("textarea")].some((it) => it.value === "1年"));
    await save();
    assert.deepEqual(diff(), []);
  });

  await step("nothing half-composed is sent", async () => {
    const input = field("项目期");
    await input.focus();
    await page.keyboard.press("End");
    const client = await context.newCDPSession(page);
    const wishes = [];
    page.on("request", (request) => { if (request.url().endsWith("/wish")) wishes.push(request.postData()); });
    await client.send("Input.imeSetComposition", { text: "ban", selectionStart: 3, selectionEnd: 3 });
    await client.send("Input.imeSetComposition", { text: "ban nian", selectionStart: 8, selectionEnd: 8 });
    await settled();
    assert.equal(wishes.filter((it) => it.includes("ban")).length, 0);
    await client.send("Input.insertText", { text: "半年" });
    await page.waitForFunction(() => document.querySelector("#saving").textContent.includes("没有保存"));
    assert.equal(await input.inputValue(), "1年半年");
    await save();
    assert.deepEqual(diff(), ['-"项目期" = "1年"', '+"项目期" = "1年半年"']);
    commit();
  });

  await step("rows are added, named, reordered and taken away", async () => {
    const group = "数量指标";
    const names = () => page.locator("#form .group", { has: page.locator(`#group-${group}`) })
      .locator(".row:not(.head) > textarea:first-child").evaluateAll((all) => all.map((it) => it.value));
    const before = await names();
    await page.getByRole("button", { name: `${group}：添加一行` }).click();
    const number = before.length + 1;
    await page.waitForFunction(([label]) => document.activeElement?.getAttribute("aria-label") === label, [`${group}第 ${number} 行，三级指标`]);
    await page.keyboard.type("新修道路");
    await page.keyboard.press("Enter");
    await page.keyboard.type("≥3公里");
    await settled();
    await page.keyboard.press("Alt+ArrowUp");
    await page.waitForFunction(([label]) => document.activeElement?.getAttribute("aria-label") === label, [`${group}第 ${number - 1} 行，指标值`]);
    await settled();
    assert.deepEqual(await names(), [...before.slice(0, -1), "新修道路", before.at(-1)]);
    await save();
    assert.deepEqual(diff(), ['+"新修道路" = "≥3公里"']);
    await picture("rows");
    await page.getByRole("button", { name: `${group}第 ${number - 1} 行，删掉这一行` }).click();
    await page.waitForFunction(([count]) => document.querySelectorAll("#form .group")[0].querySelectorAll(".row:not(.head)").length === count, [before.length]);
    await save();
    assert.deepEqual(diff(), []);
  });

  await step("a planted error is corrected through its finding", async () => {
    const text = read(VILLAGE);
    write(VILLAGE, text.replace(/"财政拨款" = ([\d.]+)/, '"财政拨款" = "约$1"  # 见批复'));
    commit();
    const finding = page.locator("#findings .go", { hasText: "财政拨款" });
    await finding.waitFor();
    await picture("error");
    await accessible("error");
    await finding.click();
    assert.match(await page.evaluate(() => document.activeElement.value), /^约/);
    await page.keyboard.press("Control+a");
    await page.keyboard.type("20.5");
    await page.locator("#findings .go", { hasText: "应该是金额" }).waitFor({ state: "detached" });
    await settled();
    assert.equal((await page.locator("output").first().textContent()), "20.5");
    await save();
    assert.deepEqual(diff().slice(1), ['+"财政拨款" = 20.5  # 见批复']);
    write(VILLAGE, text);
    commit();
    await page.waitForFunction(() => ![...document.querySelectorAll("output")].some((it) => it.textContent === "20.5"));
  });

  await step("what has one way to be put right is a button", async () => {
    const text = read(VILLAGE);
    await field("项目期").fill("１年");
    const fix = page.locator("#findings .fix").first();
    await fix.waitFor();
    await fix.click();
    await page.waitForFunction(() => [...document.querySelectorAll("textarea")].some((it) => it.value === "1年"));
    await save();
    assert.deepEqual(diff(), ['-"项目期" = "1年半年"', '+"项目期" = "1年"']);
    write(VILLAGE, text);
    commit();
  });

  await step("a click on the paper leads to the field", async () => {
    await page.waitForFunction(() => [...document.querySelectorAll("textarea")].some((it) => it.value === "1年半年"));
    await settled();
    await field("项目期").focus();
    // It is marked anew whenever the pages are.
    const box = await (await page.waitForFunction(() => {
      const { x, y, width, height } = document.querySelector(".spot")?.getBoundingClientRect() ?? {};
      return width && { x, y, width, height };
    })).jsonValue();
    await picture("spot");
    await field("项目名称").focus();
    await settled();
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await page.waitForFunction(() => document.activeElement?.value === "1年半年");
  });

  await step("two pages at once show the same", async () => {
    const first = page;
    const second = await opened();
    page = second;
    await open("村委会办公经费");
    page = first;
    await field("项目期").fill("3年");
    await second.waitForFunction(() => [...document.querySelectorAll("textarea")].some((it) => it.value === "3年"));
    page = second;
    await field("项目期").fill("4年");
    await first.waitForFunction(() => [...document.querySelectorAll("textarea")].some((it) => it.value === "4年"));
    await second.close({ runBeforeUnload: false });
    page = first;
    await save();
    assert.deepEqual(diff(), ['-"项目期" = "1年半年"', '+"项目期" = "4年"']);
    commit();
  });

  await step("a file that another program changed meanwhile is never written over", async () => {
    await field("项目期").fill("5年");
    await page.waitForFunction(() => document.querySelector("#saving").textContent.includes("没有保存"));
    appendFileSync(join(folder, VILLAGE), "# 别人写的\n");
    await page.getByText("这个文件被别的程序改过").waitFor();
    await picture("conflict");
    await accessible("conflict");
    await page.keyboard.press("Control+s");
    await page.getByText("又被改过").waitFor();
    assert.deepEqual(diff(), ["+# 别人写的"]);
    await page.getByRole("button", { name: "用文件里的" }).click();
    await page.waitForFunction(() => [...document.querySelectorAll("textarea")].some((it) => it.value === "4年"));
    await page.keyboard.press("Control+z");
    await page.waitForFunction(() => [...document.querySelectorAll("textarea")].some((it) => it.value === "5年"));
    await page.keyboard.press("Control+y");
    await page.waitForFunction(() => [...document.querySelectorAll("textarea")].some((it) => it.value === "4年"));
    assert.deepEqual(diff(), ["+# 别人写的"]);
    commit();
    await page.getByRole("button", { name: "知道了" }).click();
  });

  await step("a broken file is mended as a text", async () => {
    const text = read(VILLAGE);
    write(VILLAGE, text.replace('"项目期" =', '“项目期” =').replace('["项目资金"]', '【"项目资金"】'));
    const area = page.getByLabel("文件的内容");
    await area.waitFor();
    await picture("text");
    await accessible("text");
    await page.locator("#findings .fix").first().waitFor();
    await page.getByRole("button", { name: /全部改好/ }).click();
    await field("项目期").waitFor();
    await save();
    assert.deepEqual(diff(), []);
  });

  await step("a new project is filled in from nothing to no findings", async () => {
    await page.getByRole("button", { name: "新建项目" }).click();
    await page.locator("#ask-0").fill("农村人居环境整治经费");
    await page.locator("#ask-yes").click();
    await page.locator("#file-title").filter({ hasText: "12-农村人居环境整治经费" }).waitFor();
    await picture("new");
    commit();
    await field(/项目属性/).fill("0101-一年期项目");
    await field(/项目期/).fill("1年");
    await field(/年度总体目标/).fill("整治8个行政村的人居环境，改善村容村貌。");
    await field(/财政拨款/).fill("12.5");
    await field(/其他资金/).fill("0");
    const rows = {
      数量指标: ["整治行政村", "8个"], 质量指标: ["整治验收合格率", "100%"], 时效指标: ["整治完成时间", "年底前"],
      成本指标: ["整治经费", "12.5万元"], 社会效益指标: ["村民健康意识", "明显提高"], 经济效益指标: ["乡村旅游收入", "逐步增加"],
      生态效益指标: ["村容村貌", "明显改善"], 可持续影响指标: ["长效保洁机制", "持续运行"], 服务对象满意度指标: ["群众满意度", "≥95%"],
    };
    for (const [group, [name, value]] of Object.entries(rows)) {
      await page.getByRole("button", { name: `${group}：添加一行`, exact: true }).click();
      await page.waitForFunction(([label]) => document.activeElement?.getAttribute("aria-label") === label, [`${group}第 1 行，三级指标`]);
      await page.keyboard.type(name);
      await page.keyboard.press("Enter");
      await page.keyboard.type(value);
    }
    await settled();
    while (await page.locator("#findings .fix", { hasText: "去掉记号" }).count()) {
      const count = await page.locator("#findings .fix", { hasText: "去掉记号" }).count();
      await page.locator("#findings .fix", { hasText: "去掉记号" }).first().click();
      await page.waitForFunction(([count]) => [...document.querySelectorAll("#findings .fix")].filter((it) => it.textContent.includes("去掉记号")).length < count, [count]);
    }
    await page.getByText("没有问题", { exact: true }).waitFor();
    await save();
    await picture("filled");
    const lines = diff();
    assert.equal(lines.filter((line) => line.startsWith("-")).every((line) => / = (""|0)/.test(line)), true, lines.join("\n"));
    const check = execFileSync(JIXIAO, ["check", "--format", "short"], { cwd: folder, encoding: "utf8" });
    assert.equal(check.includes("12-农村人居环境整治经费"), false, check);
    commit();
  });

  await step("a new department", async () => {
    await page.getByRole("button", { name: "新建部门" }).click();
    await page.locator("#ask-0").fill("平罗县高庄乡人民政府");
    await page.locator("#ask-1").fill("abc");
    await page.locator("#ask-yes").click();
    await page.getByText("代码里只能有半角数字").waitFor();
    await page.locator("#ask-1").fill("057");
    await page.locator("#ask-yes").click();
    await page.locator("#file-title").filter({ hasText: /^部门$/ }).waitFor();
    await field(/实施单位/).fill("平罗县高庄乡人民政府");
    await save();
    assert.match(read("data/2023/057-平罗县高庄乡人民政府/部门.toml"), /"实施单位" = "平罗县高庄乡人民政府"/);
  });

  await step("a workbook is taken in, by its button and by dropping it", async () => {
    const workbook = join(repository, "tests/import/openpyxl.xlsx");
    commit();
    await page.locator("#import-file").setInputFiles(workbook);
    await page.getByRole("button", { name: "确定" }).click();
    await page.locator("#told").filter({ hasText: "导入了 3 个项目" }).waitFor();
    await picture("imported");
    const data = await page.evaluateHandle((base64) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(base64), (it) => it.charCodeAt(0))], "再来.xlsx"));
      return data;
    }, readFileSync(workbook).toString("base64"));
    await page.dispatchEvent("body", "drop", { dataTransfer: data });
    await page.getByRole("heading", { name: "导入 再来.xlsx" }).waitFor();
    await page.getByRole("button", { name: "确定" }).click();
    // What is there already is not written over.
    await page.locator("#ask-refused").filter({ hasText: "已经有" }).waitFor();
    await picture("import-refused");
    await page.getByRole("button", { name: "取消" }).click();
    assert.deepEqual(diff(), []);
    assert.match(git("status", "--short"), /^\?\? data\/2024\/\n$/);
    git("clean", "-fdq", "data");
    await page.locator("#year").selectOption("2023");
    await page.locator("#departments").getByRole("button", { name: "056-灵沙乡" }).waitFor();
  });

  await step("it is printed", async () => {
    await page.locator("#departments").getByRole("button", { name: "056-灵沙乡" }).click();
    await page.locator("#file-title").filter({ hasText: "01-" }).waitFor();
    const popup = context.waitForEvent("page");
    await page.getByRole("button", { name: "印成 PDF" }).click();
    await page.getByText("已印到").waitFor();
    await (await popup).close();
    assert.match(read("output/2023/056-灵沙乡.pdf").slice(0, 5), /%PDF/);
  });

  await step("it can be read at 200 % and on a small screen", async () => {
    await page.setViewportSize({ width: 1280, height: 720 });
    await settled();
    await picture("small");
    await page.setViewportSize({ width: 640, height: 360 });
    await settled();
    const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(isWide, false, "nothing is cut off sideways");
    await picture("large-letters");
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  await step("nothing went wrong in the browser", async () => {
    assert.deepEqual(faults, []);
  });

  await step("it ends when it is asked to", async () => {
    const ended = new Promise((resolve) => program.on("exit", resolve));
    await page.getByRole("button", { name: "结束" }).click();
    assert.equal(await ended, 0);
    await page.getByText("已经结束").waitFor();
  });
  console.log(`${steps.length} steps`);
} finally {
  await browser.close();
  program.kill();
  rmSync(folder, { recursive: true, force: true });
}
