// How numbers, times and events read. Knows no page.

export function grouped(number) {
  const us = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number ?? "");
  if (us) return `(${us[1]}) ${us[2]}-${us[3]}`;
  return number && number !== "anonymous" ? number : "a withheld number";
}

/** Read a number as people write it; E.164, or what was written when it is none. */
export function dialled(text) {
  const digits = text.replace(/[^\d+]/g, "");
  if (/^\d{10}$/.test(digits)) return `+1${digits}`;
  if (/^1\d{10}$/.test(digits)) return `+${digits}`;
  return digits || "anonymous";
}

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export function milliseconds(seconds) {
  return seconds < 1 ? `${Math.max(1, Math.round(seconds * 1000))} ms` : `${seconds.toFixed(1)} s`;
}

const BY = {
  supporter: "the supporter hung up", office: "the office hung up", star: "star was pressed",
  document: "the conversation was over", rest: "the application ended it", carrier: "the carrier ended it",
  "time-limit": "the time was over",
};
const END = { supporter: "Your phone", office: "The office" };

/** Say what an event is, in one line; an empty text for one that needs no line of its own. */
export function sentence(event, leg) {
  const end = END[leg?.end] ?? "A phone";
  switch (event.kind) {
    case "leg":
      return leg?.inbound
        ? `${grouped(event.from_)} dials ${grouped(event.to)}`
        : `${event.end === "office" ? "An office is dialled" : "The application asks for a call"}: ${grouped(event.to)}, shown as from ${grouped(event.from_)}`;
    case "initiated": return `${end} is being dialled`;
    case "ringing": return `${end} rings`;
    case "answered": return `${end} was answered`;
    case "person": return event.behaviour === "human" ? "" : `At the other end: ${event.behaviour}`;
    case "say": return event.text ? `Says: ${event.text}` : "A pause";
    case "gather": return "Listens for keys";
    case "gathered": return `Heard: ${event.result}`;
    case "key": return `Key ${event.key}`;
    case "bridged": return "The two are connected";
    case "dialled": return `The office leg is over: ${event.status}`;
    case "speaks": return `${end}: ${event.text}`;
    case "ended": return `${end}: ${BY[event.by] ?? event.by ?? "ended"}, ${event.state}`;
    case "apology": return "No document: the carrier says sorry and hangs up";
    case "rest": return `${event.method} ${event.path}: ${event.status}`;
    default: return event.kind;
  }
}
