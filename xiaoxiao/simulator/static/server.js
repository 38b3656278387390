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

/** Report every change for ever. `listener` has alive(life), changed(change), reset() → number, lost(). */
export async function listen(number, life, listener) {
  for (;;) {
    try {
      const answer = await get(`/changes?after=${number}&life=${life}`);
      listener.alive(answer.life);
      if (answer.reset) number = await listener.reset();
      else {
        answer.changes.forEach((change) => report(change, listener));
        number = answer.number;
      }
    } catch (error) {
      console.warn("changes:", error);
      listener.lost();
      await pause(1500);
    }
  }
}

function report(change, listener) {
  try {
    listener.changed(change);
  } catch (error) {
    console.error("change", change, error); // one that cannot be drawn does not stop the others
  }
}
