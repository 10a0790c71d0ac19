// The program at the other end: wishes, one after the other, and news.

/** This page's own name: it need not be told of what it did itself. */
const page = crypto.randomUUID?.() ?? String(Math.random());

let last = Promise.resolve();

/** Asks for something; the answer is never refused silently. Wishes are granted in their order. */
export function wish(what) {
  const granted = last.then(async () => {
    let response;
    try {
      response = await fetch("wish", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ page, wish: what }),
      });
    } catch {
      return { refused: "程序没有回答：多半已经结束了。再运行 jixiao edit，用新的网址打开；没有保存的改动还在这个页面上，可以先抄下来。" };
    }
    if (!response.ok) return { refused: (await response.text()).trim() };
    return response.json();
  });
  last = granted.catch(() => {});
  return granted;
}

/** Calls whenever somebody else changed something. */
export function onNews(call) {
  const events = new EventSource("events");
  let wasLost = false;
  events.onmessage = (event) => {
    const { news, by } = JSON.parse(event.data);
    if (news && by !== page) call();
  };
  events.onerror = () => { wasLost = true; };
  events.onopen = () => { if (wasLost) { wasLost = false; call(); } };
}
