// The control interface of the simulator: reading the world and acting as one of its people.

async function answerOf(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error || `HTTP ${response.status}`);
  return body;
}

export async function read(path, query = {}) {
  return answerOf(await fetch(`/sim/${path}?${new URLSearchParams(query)}`));
}

/** Act as a person; files go as parts beside the parameters. */
export async function act(name, params, files = []) {
  if (!files.length) {
    const headers = { "Content-Type": "application/json" };
    return answerOf(await fetch(`/sim/acts/${name}`, { method: "POST", headers, body: JSON.stringify(params) }));
  }
  const form = new FormData();
  form.append("params", JSON.stringify(params));
  files.forEach((file, number) => form.append(`file${number}`, file, file.name));
  return answerOf(await fetch(`/sim/acts/${name}`, { method: "POST", body: form }));
}

export const fileUrl = (fileId) => `/sim/files/${encodeURIComponent(fileId)}`;
export const libraryUrl = (itemId) => `/sim/library/${itemId}/content`;

/** Follow the world's events after one; `handlers` by kind of event, `state` hears true or false for connected. */
export function follow(since, handlers, state) {
  let last = since;
  let pause = 250;
  const connect = () => {
    const socket = new WebSocket(`ws://${location.host}/sim/events?since=${last}`);
    socket.onopen = () => {
      pause = 250;
      state(true);
    };
    socket.onmessage = ({ data }) => {
      const batch = JSON.parse(data);
      last = batch.last;
      if (batch.reset) handlers.reset();
      for (const event of batch.events) {
        last = event.number;
        handlers[event.kind]?.(event.content);
      }
    };
    socket.onclose = () => {
      state(false);
      setTimeout(connect, pause);
      pause = Math.min(pause * 2, 4000);
    };
  };
  connect();
}
