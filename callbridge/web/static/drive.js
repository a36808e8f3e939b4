// Keeps a drive's page true while it is open: asks the JSON API whether anything changed, and only
// then fetches the page again and replaces the parts that differ. What the organizer has opened or
// is filling in stays, unless the drive's state made it untrue. The page works without this file.
"use strict";

const EVERY = 2000;
const QUIET = 5000;
const PARTS = ["drive-now", "drive-counts", "drive-estimate", "drive-offices"];

const drive = document.getElementById("drive");

function replace(id, page) {
  const old = document.getElementById(id);
  const fresh = page.getElementById(id);
  if (!old || !fresh || old.innerHTML === fresh.innerHTML) return;
  const seen = [...old.querySelectorAll(".wide")].map((part) => part.scrollLeft);
  const focused = [...old.querySelectorAll("[tabindex]")].indexOf(document.activeElement);
  old.replaceChildren(...fresh.childNodes);
  old.querySelectorAll(".wide").forEach((part, n) => (part.scrollLeft = seen[n] ?? 0));
  if (focused >= 0) old.querySelectorAll("[tabindex]")[focused]?.focus({ preventScroll: true });
}

async function refresh() {
  const answer = await fetch(drive.dataset.page, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.getElementById("drive");
  if (!now) return false;
  for (const id of PARTS) replace(id, page);
  if (now.dataset.state !== drive.dataset.state) {
    const chip = document.getElementById("drive-state");
    const fresh = page.getElementById("drive-state");
    chip.className = fresh.className;
    chip.textContent = fresh.textContent;
    replace("drive-steer", page);
    drive.dataset.state = now.dataset.state;
  }
  drive.dataset.live = now.dataset.live;
  return true;
}

async function follow() {
  let version = null;
  while (drive.dataset.live === "yes") {
    let wait = document.hidden ? QUIET : EVERY;
    try {
      const answer = await fetch(drive.dataset.api, { cache: "no-cache" });
      if (answer.redirected || answer.status === 404) return;
      const seen = answer.headers.get("ETag");
      if (answer.ok && seen !== version && (await refresh())) version = seen;
    } catch {
      wait = QUIET; // no network for a moment: the drive itself goes on without this page
    }
    await new Promise((go) => setTimeout(go, wait));
  }
}

follow();
