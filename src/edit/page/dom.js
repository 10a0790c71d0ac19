// Elements: what they are, what they have, what is in them.

/** Makes an element. Properties that begin with "on" listen; "data" and "aria" are attributes. */
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key in element && key !== "list") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** The name of a path, for finding the element that edits it. */
export const pathName = (path) => JSON.stringify(path);

/** What is to be told to everybody; nothing takes it away again. */
export function tell(text) {
  const told = byId("told");
  told.replaceChildren();
  told.hidden = !text;
  if (!text) return;
  told.append(
    make("span", {}, text),
    make("button", { type: "button", "aria-label": "知道了，收起来", onclick: () => tell("") }, "知道了"),
  );
}

/** The signs of what is to be done, each with its words. */
export function signs(counts) {
  if (!counts) return [];
  const sign = (kind, count, words) =>
    count ? make("span", { className: `sign ${kind}`, title: `${count} ${words}` },
      `${count}`, make("span", { className: "hidden" }, words)) : null;
  return [
    sign("error", counts.errors, "处错误"),
    sign("warning", counts.warnings, "条警告"),
    sign("todo", counts.toDo, "处待填、待核对"),
  ].filter(Boolean);
}

/** Asks for some texts. `send` returns what was refused, or nothing. */
export function ask(title, fields, send) {
  const dialog = byId("ask");
  byId("ask-title").textContent = title;
  byId("ask-refused").textContent = "";
  const inputs = fields.map(({ label, value = "" }, index) =>
    make("input", { id: `ask-${index}`, value, autocomplete: "off", "aria-label": label }));
  byId("ask-fields").replaceChildren(...fields.map(({ label }, index) =>
    make("p", {}, make("label", { htmlFor: `ask-${index}` }, label), inputs[index])));
  byId("ask-no").onclick = () => dialog.close();
  dialog.querySelector("form").onsubmit = async (event) => {
    event.preventDefault();
    const refused = await send(...inputs.map((input) => input.value));
    if (refused) byId("ask-refused").textContent = refused;
    else dialog.close();
  };
  dialog.showModal();
  inputs[0]?.focus();
}
