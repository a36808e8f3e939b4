// The list under the phones: every event of a call, each hook with what was asked and answered.

import { clock, grouped, milliseconds, sentence } from "./words.js";

const list = document.getElementById("events");
const about = document.getElementById("wiring-about");
const START = about.textContent;
let shown = { sid: null, count: 0 };

/** Show a call's events; only what is new is added, so that what is unfolded stays so. */
export function show(call) {
  if (shown.sid !== (call?.sid ?? null)) {
    list.replaceChildren();
    shown = { sid: call?.sid ?? null, count: 0 };
  }
  if (!call) {
    about.textContent = START;
    return;
  }
  for (const event of call.events.slice(shown.count)) {
    const row = rowOf(call, event);
    if (row) list.append(row);
  }
  shown.count = call.events.length;
  const hooks = call.events.filter((event) => event.kind === "hook");
  const warned = call.events.filter((event) => event.kind === "warning").length;
  about.textContent =
    `${hooks.length} ${hooks.length === 1 ? "hook" : "hooks"} to the application` +
    `${warned ? `, ${warned} ${warned === 1 ? "warning" : "warnings"}` : ", no warning"}. Unfold one to see the request and its answer.`;
}

function make(tag, className, ...content) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...content);
  return element;
}

function rowOf(call, event) {
  const leg = call.legs.get(event.leg);
  const time = make("time", "when", clock(event.second - call.began));
  if (event.kind === "hook") return make("li", "event hook", time, hook(event));
  if (event.kind === "warning") {
    const words = make("p", "what", make("b", "", `Warning ${event.code}: `), event.sentence);
    return make("li", "event warning", time, words);
  }
  const words = sentence(event, leg);
  if (!words) return null;
  return make("li", `event ${event.kind} ${leg?.end ?? ""}`, time, make("p", "what", words));
}

function hook(event) {
  const address = new URL(event.url);
  const good = event.status >= 200 && event.status < 300;
  const status = make("span", good ? "code good" : "code bad", event.status ? String(event.status) : "no answer");
  const summary = make(
    "summary", "",
    make("span", "tag", event.event ? `${event.hook}: ${event.event}` : event.hook),
    make("span", "path", `${event.method} ${address.pathname}`),
    status,
    make("span", "took", milliseconds(event.seconds)),
  );
  const box = make("details", "", summary);
  // Filled when it is first opened: a long call has many hooks.
  box.addEventListener("toggle", () => box.childElementCount === 1 && box.append(inside(event)), { once: true });
  return box;
}

function inside(event) {
  return make("div", "inside", asked(event), answered(event));
}

function asked(event) {
  const body = make("div", "", make("h3", "", "Asked"), make("p", "url", `${event.method} ${event.url}`));
  const told = Object.entries(event.params).filter(([, value]) => value !== "");
  const rows = told.map(([name, value]) => make("tr", "", make("th", "", name), make("td", "", value)));
  for (const row of rows) row.firstChild.scope = "row";
  body.append(make("div", "scroll", make("table", "", make("tbody", "", ...rows))));
  if (event.attempts.length > 1) body.append(make("p", "quiet", `Sent ${event.attempts.length} times.`));
  const signature = Object.entries(event.attempts.at(-1)?.headers ?? {}).find(([name]) => /signature$/i.test(name));
  if (signature) body.append(make("p", "quiet url", `Signed, ${signature[0]}: ${signature[1]}`));
  return body;
}

function answered(event) {
  const body = make("div", "", make("h3", "", `Answered: ${event.status ?? "nothing"}, in ${milliseconds(event.seconds)}`));
  if (event.problem) body.append(make("p", "wrong", event.problem));
  const reply = make("pre", "reply", ...pretty(event.reply, event.content_type));
  reply.tabIndex = 0;
  reply.setAttribute("role", "region");
  reply.setAttribute("aria-label", "The answer");
  body.append(event.reply ? reply : make("p", "quiet", "An empty answer."));
  return body;
}

function pretty(text, type) {
  if (!/xml/.test(type)) return [text];
  const page = new DOMParser().parseFromString(text, "application/xml");
  if (page.querySelector("parsererror")) return [text];
  return element(page.documentElement, "");
}

function element(node, indent) {
  const attributes = [...node.attributes].flatMap(({ name, value }) => [
    " ", make("span", "name", name), "=", make("span", "value", `"${value}"`),
  ]);
  const tag = make("span", "verb", node.tagName);
  const children = [...node.children];
  if (!children.length && !node.textContent) return [indent, "<", tag, ...attributes, "/>\n"];
  const close = ["</", tag.cloneNode(true), ">\n"];
  if (!children.length) return [indent, "<", tag, ...attributes, ">", make("span", "words", node.textContent), ...close];
  return [indent, "<", tag, ...attributes, ">\n", ...children.flatMap((child) => element(child, `${indent}  `)), indent, ...close];
}

/** Name a call in the list of calls. */
export function title(call) {
  const leg = call.legs.get(call.sid);
  const at = new Date(call.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return `${at}, ${grouped(leg?.number)}${leg ? `, ${leg.state}` : ""}`;
}
