// Reading request targets and bodies, and sending responses.
import { STATUS_CODES } from 'node:http';
import { Problem } from './problem.js';

const BODY_LIMIT = 65_536;
const ORIGIN = /^https?:\/\/[^/?#]*/i; // of a target in absolute form, as clients of a proxy send it

/** What every response has. */
export const SECURITY_HEADERS = new Map([
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  ['Referrer-Policy', 'no-referrer'],
]);

/** The path of a request target as it was sent, and its query. */
export function splitTarget(target) {
  const local = target.startsWith('/') ? target : target.replace(ORIGIN, '');
  const end = local.indexOf('?');
  if (end === -1) return { path: local, search: '' };
  return { path: local.slice(0, end), search: local.slice(end + 1) };
}

export async function readJson(req) {
  checkMedia(req.headers);
  if (Number(req.headers['content-length']) > BODY_LIMIT) throw new Problem(413);

  const chunks = [];
  let size = 0;
  // Reads to the end even past the limit, so that the client can finish sending and see the answer.
  for await (const chunk of req) {
    size += chunk.length;
    if (size <= BODY_LIMIT) chunks.push(chunk);
  }
  if (size > BODY_LIMIT) throw new Problem(413);

  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new Problem(400, { detail: 'the body is not valid JSON' });
  }
}

function checkMedia({ 'content-type': type = '', 'content-encoding': encoding = 'identity' }) {
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new Problem(415, { detail: 'the body must be application/json' });
  }
  if (encoding.toLowerCase() !== 'identity') {
    throw new Problem(415, { detail: 'the body must not be compressed', headers: { 'Accept-Encoding': 'identity' } });
  }
}

export function sendJson(res, value, { status = 200, type = 'application/json', headers = {} } = {}) {
  send(res, status, type, JSON.stringify(value), headers);
}

export function sendHtml(res, html) {
  send(res, 200, 'text/html; charset=utf-8', html, {});
}

export function sendProblem(res, problem) {
  const { status, headers } = problem;
  const document = { title: STATUS_CODES[status], ...problem.toJSON() };
  sendJson(res, document, { status, type: 'application/problem+json', headers });
}

function send(res, status, type, body, headers) {
  res.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body), ...headers });
  res.end(body);
}
