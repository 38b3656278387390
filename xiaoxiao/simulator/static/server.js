// Talks to the simulator: every answer is JSON, every refusal a Chinese sentence.

const BASE = "/simulator";
const token = document.querySelector('meta[name="simulator-token"]').content;

export class Refused extends Error {}

async function read(response) {
  const data = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(data.message || `服务器回答 ${response.status}`);
  return data;
}

export async function get(path) {
  return read(await fetch(BASE + path, { cache: "no-store" }));
}

export async function post(path, data) {
  const headers = { "Content-Type": "application/json", "X-Simulator-Token": token };
  return read(await fetch(BASE + path, { method: "POST", headers, body: JSON.stringify(data) }));
}

export const pictureAddress = (mediaId) => `${BASE}/picture/${encodeURIComponent(mediaId)}`;

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Report every change for ever. `listener` has changed(change), reset() → number, lost(), back(). */
export async function listen(number, listener) {
  let connected = true;
  for (;;) {
    try {
      const answer = await get(`/changes?after=${number}`);
      if (!connected) listener.back();
      if (answer.reset || !connected) number = await listener.reset();
      else {
        answer.changes.forEach(listener.changed);
        number = answer.number;
      }
      connected = true;
    } catch (error) {
      console.warn("changes:", error);
      connected = false;
      listener.lost();
      await pause(1500);
    }
  }
}
