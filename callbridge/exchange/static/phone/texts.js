// The text messages that the supporter's phone gets; an address in one can be followed.

import { grouped } from "./words.js";

const ADDRESS = /(https?:\/\/[^\s)]+)/;
const WORDS = { queued: "on its way", sent: "on its way", delivered: "delivered", undelivered: "could not be delivered", received: "sent by you" };
const rows = new Map();

/** Show a message, or what has become of one that is shown. */
export function show(message) {
  const place = document.getElementById("texts");
  const list = place.querySelector("ol");
  const known = rows.get(message.sid);
  const row = known ?? list.appendChild(document.createElement("li"));
  rows.set(message.sid, row);
  const head = document.createElement("p");
  head.className = "quiet";
  const other = message.direction === "inbound" ? `to ${grouped(message.to)}` : `${grouped(message.from)} to ${grouped(message.to)}`;
  head.textContent = `${other}, ${WORDS[message.status] ?? message.status}`;
  const body = document.createElement("p");
  for (const part of message.body.split(ADDRESS)) body.append(ADDRESS.test(part) ? link(part) : part);
  row.className = message.direction;
  row.replaceChildren(head, body);
  place.hidden = false;
  if (!known) list.scrollTop = row.offsetTop - list.offsetTop;
}

function link(address) {
  const anchor = document.createElement("a");
  Object.assign(anchor, { href: address, textContent: address, target: "_blank", rel: "noopener noreferrer" });
  return anchor;
}
