// Keeps the call's page true while the call lasts: asks the JSON API whether anything changed, and
// only then fetches the page again and replaces the parts that differ. What the person is filling
// in is never replaced, and the page works without this file.
"use strict";

const EVERY = 1500;
const QUIET = 5000;
const LOOKS_AFTER_THE_END = 3;

const call = document.getElementById("call");

// An office whose form has been begun here keeps it as it stands.
function keepForms(part, fresh) {
  for (const form of part.querySelectorAll("form[data-touched]")) {
    fresh.querySelector(`#${form.id}`)?.replaceWith(form);
  }
}

// Returns whether something had to be left for later.
function replaceParts(page) {
  let left = false;
  for (const part of call.querySelectorAll("[data-part]")) {
    const fresh = page.getElementById(part.id);
    if (!fresh || fresh.dataset.part === part.dataset.part) continue;
    if (part.id === "tell") {
      if (part.contains(document.activeElement)) {
        left = true;
        continue;
      }
      keepForms(part, fresh);
    }
    part.replaceChildren(...fresh.childNodes);
    part.dataset.part = fresh.dataset.part;
    part.className = fresh.className;
  }
  const now = page.getElementById("call");
  if (now) call.dataset.live = now.dataset.live;
  document.title = page.title;
  return left;
}

// A shift goes on with another campaign: its page comes by itself, unless something is being
// written on this one.
function goAlong() {
  const link = call.querySelector("a[data-goes-on]");
  if (link && !call.querySelector("form[data-touched]")) location.assign(link.href);
}

async function refresh() {
  const answer = await fetch(call.dataset.page, { headers: { Accept: "text/html" } });
  if (!answer.ok) return true;
  return replaceParts(new DOMParser().parseFromString(await answer.text(), "text/html"));
}

async function follow() {
  let version = null;
  let looks = LOOKS_AFTER_THE_END;
  while (looks > 0) {
    let wait = document.hidden ? QUIET : EVERY;
    try {
      const answer = await fetch(call.dataset.api, { cache: "no-cache" });
      if (answer.status === 404) return;
      const seen = answer.headers.get("ETag");
      if (answer.ok && seen !== version) version = (await refresh()) ? null : seen;
      goAlong();
    } catch {
      wait = QUIET; // no network for a moment: the call itself goes on without this page
    }
    if (call.dataset.live === "no") looks -= 1;
    await new Promise((go) => setTimeout(go, wait));
  }
}

function tick() {
  for (const clock of call.querySelectorAll("[data-since]")) {
    clock.began ??= Date.now() - 1000 * Number(clock.dataset.since);
    const seconds = Math.floor((Date.now() - clock.began) / 1000);
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
}

document.getElementById("without-js")?.remove();
call.addEventListener("input", (event) => {
  const form = event.target.closest("form");
  if (form) form.dataset.touched = "yes";
});
setInterval(tick, 1000);
if (call.dataset.live === "yes") follow();
