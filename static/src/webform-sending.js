// Sending a form in the way of OpenRosa: one multipart request, or several where the pictures are too many for one.

const INSTANCE = "xml_submission_file";

/** What came back, or why nothing did. `reason` is "offline", "signed-out", "too-big", "refused" or "failed". */
export class NotSent extends Error {
  constructor(reason, sentence = "") {
    super(sentence || reason);
    Object.assign(this, { reason, sentence });
  }
}

/**
 * Post the answers with their pictures and return the address to go on to.
 *
 * @param {string} address
 * @param {FormData} data xml_submission_file, and every picture under its name.
 * @param {number} limit Bytes that one request may hold.
 * @param {string} csrf
 * @param {(share: number) => void} onProgress From 0 to 1, over all requests.
 */
export async function send(address, data, limit, csrf, onProgress) {
  const parts = split(data, limit);
  let answer = {};
  for (const [place, part] of parts.entries()) {
    if (place < parts.length - 1) part.set("*isIncomplete*", "yes");
    answer = await post(address, part, csrf, (share) => onProgress((place + share) / parts.length));
  }
  return answer.location;
}

/** Spread the pictures over requests that each hold the answers. One that is too big by itself goes alone: the server says so. */
function split(data, limit) {
  const xml = data.get(INSTANCE);
  const parts = [];
  let room = 0;
  const begin = () => {
    parts.push(new FormData());
    parts.at(-1).set(INSTANCE, xml);
    room = limit - xml.size;
  };
  begin();
  for (const [name, file] of data.entries()) {
    if (name === INSTANCE) continue;
    if (file.size > room && [...parts.at(-1).keys()].length > 1) begin();
    parts.at(-1).set(name, file);
    room -= file.size;
  }
  return parts;
}

// XMLHttpRequest and not fetch(): only the former says how much of an upload has gone.
function post(address, body, csrf, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("X-CSRFToken", csrf);
    request.setRequestHeader("X-OpenRosa-Version", "1.0");
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    request.onerror = request.ontimeout = request.onabort = () => reject(new NotSent("offline"));
    request.onload = () => {
      const answer = read(request);
      if (request.status >= 200 && request.status < 300 && answer) resolve(answer);
      else reject(refusal(request, answer));
    };
    request.send(body);
  });
}

function read(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null;
  }
}

function refusal(request, answer) {
  if (answer?.message) return new NotSent("refused", answer.message);
  // A page instead of an answer: the session has ended and the request was led to the sign-in page.
  const isPage = request.getResponseHeader("Content-Type")?.startsWith("text/html");
  if (isPage && request.status < 300) return new NotSent("signed-out");
  if (request.status === 401 || request.status === 403) return new NotSent("signed-out");
  if (request.status === 413) return new NotSent("too-big");
  return new NotSent("failed");
}
