// The exchange's control API: requests, and the stream of events that comes back by itself.

const AGAIN = 1500;

export async function ask(path, { method = "GET", body } = {}) {
  const answer = await fetch(`/exchange${path}`, {
    method,
    cache: "no-store",
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const value = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw new Error(value?.error ?? `the exchange answered ${answer.status}`);
  return value;
}

export const post = (path, body = {}) => ask(path, { method: "POST", body });

/**
 * Follow events for ever. `begin` is awaited at each connection and returns the number of the
 * last event known; `take` gets each event; `lost` is told when the exchange is gone.
 */
export async function follow(ends, { begin, take, lost }) {
  for (;;) {
    try {
      await listen(`/exchange/live?ends=${ends}&after=${await begin()}`, take);
    } catch (error) {
      lost(error);
    }
    await new Promise((go) => setTimeout(go, AGAIN));
  }
}

function listen(path, take) {
  return new Promise((_, gone) => {
    const socket = new WebSocket(`ws://${location.host}${path}`);
    socket.addEventListener("message", (message) => take(JSON.parse(message.data)));
    socket.addEventListener("close", () => gone(new Error("the exchange is gone")));
  });
}
