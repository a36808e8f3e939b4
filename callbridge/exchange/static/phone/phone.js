// The browser phone: shows both ends of the call that matters now, and does what is pressed.
// What is shown follows from the exchange's events alone, so a reload in mid-call loses nothing.

import { apply, calls, forget, human, last, officeOf, over, supporterOf } from "./calls.js";
import { ask, follow, post } from "./exchange.js";
import * as texts from "./texts.js";
import * as sound from "./sound.js";
import { clock, dialled, grouped } from "./words.js";
import * as wiring from "./wiring.js";

const LETTERS = { 2: "ABC", 3: "DEF", 4: "GHI", 5: "JKL", 6: "MNO", 7: "PQRS", 8: "TUV", 9: "WXYZ" };
const SPOKEN = { "*": "star", "#": "pound" };
const TOO_FAST = 1.5;
const FOUND = 20;

const $ = (id) => document.getElementById(id);
const ends = wantedEnds();
const panels = { supporter: panel("supporter"), office: panel("office") };
const state = { sid: null, speed: 1, second: 0, at: performance.now() };

function wantedEnds() {
  const known = (new URLSearchParams(location.search).get("ends") ?? "").split(",");
  const wanted = ["supporter", "office"].filter((end) => known.includes(end));
  return wanted.length ? wanted : ["supporter", "office"];
}

function panel(end) {
  const root = $(end);
  const get = (selector) => root.querySelector(selector);
  return {
    end, root, state: get(".state"), ring: get(".ring"), who: get(".who"), about: get(".about"),
    idle: get(".idle"), captions: get(".captions"), answer: get("[data-do=answer]"),
    stop: get("[data-do=hang-up]"), say: get(".say"), leg: null, shown: 0, rows: [],
  };
}

const now = () => state.second + ((performance.now() - state.at) / 1000) * state.speed;
const current = () => calls.get(state.sid) ?? null;
const legOf = (end, call = current()) => (end === "supporter" ? supporterOf(call) : officeOf(call));

// What happens

async function begin() {
  const known = await ask("");
  if (known.last_event < last()) forget(); // the exchange was started anew
  Object.assign(state, { speed: known.speed, second: known.second, at: performance.now() });
  introduce(known);
  const found = await ask(`/calls?limit=${FOUND}`);
  for (const one of found.calls.reverse()) {
    const whole = await ask(`/calls/${one.sid}`);
    for (const event of whole.events) apply(event);
    if (!current() || over(supporterOf(current())) || !one.over) state.sid = one.sid;
  }
  for (const message of (await ask("/texts")).texts) texts.show(message);
  await showPeople();
  trouble("");
  render();
  return Math.max(last(), known.last_event);
}

function take(event) {
  state.second = event.second;
  state.at = performance.now();
  if (event.kind === "text") texts.show(event.message);
  const call = apply(event);
  if (!call) return;
  if (call.sid !== state.sid && matters(call, event)) state.sid = call.sid;
  if (call.sid === state.sid) {
    hear(call, event);
    render();
  } else if (event.kind === "leg" || event.kind === "ended") {
    renderPick();
  }
}

// A call takes the place of one that is over, or of simulated ones when a person is wanted.
function matters(call, event) {
  const leg = call.legs.get(event.leg);
  const shown = supporterOf(current());
  if (over(shown)) return event.kind === "leg" || human(leg);
  return event.kind === "person" && human(leg) && !people(current());
}

const people = (call) => [...(call?.legs.values() ?? [])].some((leg) => human(leg) && !over(leg));

function hear(call, event) {
  const mine = legOf(ends[0], call);
  if (!mine || state.speed > TOO_FAST) return;
  if (event.kind === "say" && event.leg === mine.sid) sound.speak(event.text, event.language);
  if (event.kind === "speaks" && event.leg !== mine.sid) sound.speak(event.text);
  const silenced = event.kind === "bridged" || event.kind === "gathered" || (event.kind === "ended" && event.leg === mine.sid);
  // Where keys count, the first one silences what is being said: so does a telephone.
  if (silenced || (event.kind === "key" && mine.awaiting)) sound.quiet();
}

async function act(deed) {
  try {
    trouble("");
    await deed();
  } catch (error) {
    trouble(`That did not work: ${error.message}.`);
  }
}

function trouble(words) {
  $("trouble").textContent = words;
  $("trouble").hidden = !words;
}

// What is seen

function render() {
  const call = current();
  for (const end of ends) renderPanel(panels[end], legOf(end, call), call);
  renderWire(call);
  renderKeys(legOf("supporter", call));
  wiring.show(call);
  renderPick();
  const rung = ends.find((end) => legOf(end, call)?.state === "ringing" && !legOf(end, call).inbound);
  sound.ring(rung);
  document.title = rung ? `Ringing: ${grouped(callerOf(legOf(rung, call)))}` : "Browser phone";
}

const callerOf = (leg) => (leg.inbound ? leg.to : leg.from);

function renderPanel(view, leg, call) {
  if (view.leg !== (leg?.sid ?? null)) {
    Object.assign(view, { leg: leg?.sid ?? null, shown: 0, rows: [] });
    view.captions.replaceChildren();
  }
  const ringing = leg?.state === "ringing" || leg?.state === "queued";
  const talking = leg?.state === "in-progress";
  const calm = !leg || (over(leg) && !leg.lines.some((line) => line.who !== "note"));
  view.root.dataset.state = ringing ? "ringing" : talking ? "talking" : "quiet";
  view.ring.hidden = !ringing;
  view.idle.hidden = !calm || ringing;
  view.captions.hidden = calm || ringing;
  if (ringing) {
    view.who.textContent = grouped(callerOf(leg));
    view.about.textContent = ringWords(view, leg);
  }
  swap(view, { answer: leg?.state === "ringing" && !leg.inbound, stop: ringing || talking });
  view.stop.textContent = talking || leg?.inbound ? "Hang up" : view.end === "office" ? "Busy" : "Decline";
  view.say.hidden = !call?.bridge || !talking;
  tell(view, leg);
  caption(view, leg);
}

function ringWords(view, leg) {
  if (leg.inbound) return "You are ringing the campaign’s number …";
  if (leg.state === "queued") return "is about to ring …";
  if (!human(leg)) return `A simulated person is here: ${leg.person?.behaviour ?? "nobody"}.`;
  return view.end === "office" ? `is calling ${grouped(leg.to)}. Answer, be busy, or let it ring.` : "is calling you";
}

// A button that goes away while it has the focus hands it to what stands there next.
function swap(view, { answer, stop }) {
  const focused = [view.answer, view.stop].find((button) => button === document.activeElement);
  view.answer.hidden = !answer;
  view.stop.hidden = !stop;
  if (focused?.hidden) (stop ? view.stop : view.captions).focus();
}

function tell(view, leg) {
  const words = stateWords(view.end, leg);
  if (view.state.textContent !== words) view.state.textContent = words;
}

function stateWords(end, leg) {
  if (!leg) return "ready";
  if (leg.state === "ringing") return leg.inbound ? "dialling" : "ringing";
  if (leg.state === "queued") return "about to ring";
  if (leg.state === "in-progress") return current().bridge ? "connected" : "on the line";
  return { busy: "was busy", "no-answer": "was not answered", failed: "could not be reached", canceled: "stopped ringing" }[leg.state] ?? "call over";
}

function caption(view, leg) {
  if (!leg) return;
  const low = view.captions.scrollHeight - view.captions.scrollTop - view.captions.clientHeight < 60;
  for (const [place, line] of leg.lines.entries()) {
    const row = view.rows[place] ?? view.captions.appendChild(document.createElement("p"));
    view.rows[place] = row;
    row.className = line.who;
    row.classList.toggle("now", Boolean(leg.saying) && line.n === leg.saying.n);
    if (row.textContent !== line.text) row.textContent = line.text;
    if (line.language) row.lang = line.language;
  }
  if (leg.lines.length > view.shown && (low || !view.shown)) view.captions.scrollTop = view.captions.scrollHeight;
  view.shown = leg.lines.length;
}

function renderWire(call) {
  const office = officeOf(call);
  const word = call?.bridge ? "connected" : office && !over(office) ? "ringing" : "idle";
  $("wire").dataset.state = word;
  const words = { connected: "connected", ringing: "ringing", idle: "not connected" }[word];
  const place = $("wire").querySelector(".state");
  if (place.textContent !== words) place.textContent = words;
}

function renderKeys(leg) {
  const waiting = leg?.awaiting;
  const talking = leg?.state === "in-progress";
  $("supporter").classList.toggle("waiting", Boolean(waiting));
  for (const button of document.querySelectorAll(".keypad button")) {
    button.disabled = !talking;
    button.classList.toggle("offered", Boolean(waiting?.offered.has(button.value)));
  }
  const hint = keyWords(waiting, talking);
  if ($("keys-hint").textContent !== hint) $("keys-hint").textContent = hint;
}

function keyWords(waiting, talking) {
  if (!talking) return "Answer to wake the keys. Typing them works too.";
  if (current().bridge) return "You are talking. Star brings you back.";
  if (!waiting) return "Listen for a moment …";
  if (waiting.num_digits > 1) return `Key ${waiting.num_digits} digits: ${waiting.digits.padEnd(waiting.num_digits, "·")}`;
  return "Press a key whenever you like.";
}

function renderPick() {
  const options = [...calls.values()].reverse().slice(0, FOUND);
  const pick = $("pick");
  if (!options.length || document.activeElement === pick) return;
  pick.disabled = false;
  pick.replaceChildren(...options.map((call) => new Option(wiring.title(call), call.sid, false, call.sid === state.sid)));
}

// What stands ready before any call

function introduce({ app_url: app, numbers }) {
  for (const link of document.querySelectorAll("a.app")) {
    link.hidden = !app;
    if (app) link.href = `${app}/`;
    link.nextElementSibling.hidden = Boolean(app);
  }
  const kept = $("dial-to").value;
  $("dial-to").replaceChildren(...numbers.map((number) => new Option(grouped(number), number)));
  if (numbers.includes(kept)) $("dial-to").value = kept;
}

async function showPeople() {
  const { mixes } = await ask("/people");
  const names = Object.keys(mixes.office ?? {});
  const wanted = names.length === 1 ? names[0] : "";
  for (const radio of $("people").querySelectorAll("input")) radio.checked = radio.value === wanted && names.length < 2;
  const hint = names.length > 1 ? "Chance decides, by a mix that was set elsewhere." : "Holds for every office rung from now on.";
  $("people-hint").textContent = hint;
}

function makeKeypad() {
  for (const name of "123456789*0#") {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", value: name, disabled: true });
    if (SPOKEN[name]) button.setAttribute("aria-label", SPOKEN[name]);
    const letters = document.createElement("small");
    letters.textContent = LETTERS[name] ?? "";
    letters.setAttribute("aria-hidden", "true");
    button.append(name === "*" ? "✱" : name, letters);
    document.querySelector(".keypad").append(button);
  }
}

// What is pressed

function press(name) {
  const leg = legOf("supporter");
  if (leg?.state !== "in-progress") return;
  const button = document.querySelector(`.keypad button[value="${CSS.escape(name)}"]`);
  button.classList.remove("pressed");
  requestAnimationFrame(() => button.classList.add("pressed"));
  sound.key(name);
  act(() => post(`/legs/${leg.sid}/press`, { keys: name }));
}

function bind() {
  for (const end of ends) {
    const view = panels[end];
    view.answer.addEventListener("click", () => act(() => post(`/legs/${view.leg}/answer`)));
    view.stop.addEventListener("click", () => act(() => post(`/legs/${view.leg}/hang-up`)));
    view.say.addEventListener("submit", (event) => {
      event.preventDefault();
      const field = view.say.elements.text;
      const text = field.value.trim();
      field.value = "";
      if (text) act(() => post(`/legs/${view.leg}/say`, { text }));
    });
  }
  document.querySelector(".keypad").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) press(button.value);
  });
  addEventListener("keydown", (event) => {
    const writing = event.target.closest?.("input:not([type=radio], [type=checkbox]), select, textarea");
    if (writing || event.ctrlKey || event.metaKey || event.altKey || event.repeat || !ends.includes("supporter")) return;
    if (/^[0-9*#]$/.test(event.key)) {
      event.preventDefault();
      press(event.key);
    }
  });
  bindChoices();
}

function bindChoices() {
  $("people").addEventListener("change", (event) => {
    const weights = event.target.value ? { [event.target.value]: 1 } : {};
    act(async () => {
      await ask("/mix/office", { method: "PUT", body: { weights } });
      await showPeople();
    });
  });
  $("dial-in").addEventListener("submit", (event) => {
    event.preventDefault();
    const { from, to } = event.target.elements;
    $("dial-wrong").hidden = true;
    post("/dial-in", { from: dialled(from.value), to: to.value }).catch((error) => {
      $("dial-wrong").textContent = `${error.message}.`;
      $("dial-wrong").hidden = false;
    });
  });
  $("pick").addEventListener("change", (event) => {
    state.sid = event.target.value;
    event.target.blur();
    render();
  });
  $("only-hooks").addEventListener("change", (event) => $("events").classList.toggle("only-hooks", event.target.checked));
  $("sound").addEventListener("click", () => {
    sound.turn(!sound.isOn());
    showSound();
    render();
  });
}

function showSound() {
  $("sound").setAttribute("aria-pressed", String(sound.isOn()));
}

function tick() {
  for (const end of ends) {
    const leg = legOf(end);
    if (leg?.state !== "in-progress" || leg.answered === null) continue;
    panels[end].root.querySelector(".line").dataset.clock = clock(now() - leg.answered);
  }
}

document.body.dataset.ends = ends.join(" ");
document.querySelector(`[data-ends="${ends.join(",")}"]`)?.setAttribute("aria-current", "page");
makeKeypad();
bind();
showSound();
setInterval(tick, 500);
follow(ends.join(","), {
  begin,
  take,
  lost: () => trouble("The exchange does not answer. Is it still running? Looking again …"),
});
