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
  const source = new EventSource(`/sim/events?since=${since}`);
  source.onopen = () => state(true);
  source.onerror = () => state(false);
  for (const [kind, handle] of Object.entries(handlers)) {
    source.addEventListener(kind, (event) => handle(JSON.parse(event.data)));
  }
  return source;
}
