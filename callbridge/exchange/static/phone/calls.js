// Calls as the exchange's events tell them. Knows no page, no network and no sound.

const KEPT = 40;

export const calls = new Map();
let lastEvent = 0;

export const last = () => lastEvent;

export function forget() {
  calls.clear();
  lastEvent = 0;
}

/** Take one event in; return its call, or null when it is old or belongs to none. */
export function apply(event) {
  lastEvent = Math.max(lastEvent, event.n);
  if (!event.call) return null;
  const call = calls.get(event.call) ?? open(event);
  if (event.n <= call.last) return null;
  call.last = event.n;
  call.events.push(event);
  const leg = call.legs.get(event.leg);
  (ACTS[event.kind] ?? nothing)(call, leg, event);
  if (event.state && leg) leg.state = event.state;
  return call;
}

export const supporterOf = (call) => call?.legs.get(call.sid) ?? null;

export function officeOf(call) {
  const offices = call ? [...call.legs.values()].filter((leg) => leg.end === "office") : [];
  return offices.at(-1) ?? null;
}

export const over = (leg) => !leg || ENDED.has(leg.state);
export const human = (leg) => leg?.person?.behaviour === "human";

const ENDED = new Set(["completed", "busy", "failed", "no-answer", "canceled"]);
const nothing = () => {};

function open(event) {
  const call = { sid: event.call, began: event.second, at: event.at, last: 0, events: [], legs: new Map(), bridge: null };
  calls.set(event.call, call);
  for (const [sid, old] of calls) {
    if (calls.size <= KEPT) break;
    if (over(supporterOf(old))) calls.delete(sid);
  }
  return call;
}

function line(leg, who, text, more = {}) {
  if (leg && text) leg.lines.push({ who, text, ...more });
}

function openGather(leg, event) {
  leg.awaiting = { ...event.awaiting, digits: "", offered: offered(event.prompt) };
}

function keyed(leg, key) {
  if (leg.awaiting) leg.awaiting.digits += key;
  if (leg.saying?.keys_count) leg.saying = null;
  const previous = leg.lines.at(-1);
  if (previous?.who === "key") previous.text += ` ${key}`;
  else line(leg, "key", key);
}

// The carrier's and the survey's words for keys, in the languages that callbridge speaks.
const NAMED = { star: "*", pound: "#", asterisco: "*", numeral: "#" };
const OFFER = /(?:press|marque)\s+(\d|star|pound|asterisco|numeral)\b/gi;

function offered(prompt) {
  return new Set([...(prompt ?? "").matchAll(OFFER)].map(([, key]) => NAMED[key.toLowerCase()] ?? key));
}

const ACTS = {
  leg(call, _, event) {
    call.legs.set(event.leg, {
      sid: event.leg, end: event.end, number: event.number, from: event.from_, to: event.to,
      inbound: event.end === "supporter" && event.number === event.from_,
      state: event.state, person: null, saying: null, awaiting: null, answered: null, ended: null, lines: [],
    });
    if (event.end === "office") line(supporterOf(call), "note", "An office is being rung.");
  },
  person(_, leg, event) {
    if (leg) leg.person = { behaviour: event.behaviour };
  },
  answered(_, leg, event) {
    if (leg) leg.answered = event.second;
  },
  say(_, leg, event) {
    if (!leg) return;
    leg.saying = event;
    line(leg, "voice", event.text, { language: event.language, n: event.n });
  },
  gather(_, leg, event) {
    if (leg) openGather(leg, event);
  },
  key(_, leg, event) {
    if (leg) keyed(leg, event.key);
  },
  gathered(_, leg) {
    if (leg) leg.awaiting = leg.saying = null;
  },
  bridged(call, leg, event) {
    call.bridge = event.office;
    if (leg) leg.saying = null;
    for (const one of [leg, call.legs.get(event.office)]) line(one, "note", "Connected. You hear each other.");
  },
  dialled(call, leg, event) {
    const words = { busy: "The office’s line is busy.", "no-answer": "Nobody answered at the office.", failed: "The office’s number did not work." };
    line(leg, "note", event.bridged ? "The office is off the line." : words[event.status]);
    call.bridge = null;
  },
  speaks(call, leg, event) {
    line(leg, "me", event.text);
    const other = leg?.end === "office" ? supporterOf(call) : call.legs.get(call.bridge);
    line(other, "other", event.text, { n: event.n });
  },
  ended(call, leg, event) {
    if (!leg) return;
    leg.saying = leg.awaiting = null;
    leg.ended = event.second;
    if (leg.sid === call.sid || leg.sid === call.bridge) call.bridge = null;
    line(leg, "note", event.was === "in-progress" ? "The call is over." : "It stopped ringing.");
  },
  apology(_, leg) {
    line(leg, "note", "The application gave no answer that the carrier could read.");
  },
};
