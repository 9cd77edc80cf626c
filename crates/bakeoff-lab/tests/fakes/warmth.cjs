// A contender whose cost of a request is planted by real work: its argument says how warm it is when.
"use strict";

const crypto = require("node:crypto");
const fs = require("node:fs");
const http = require("node:http");

const [behaviour, number] = process.argv[2].split("-");
const limit = Number(number ?? 0);

/** Microseconds of work of a warm request. */
const WORK_US = { slow: 30, steady: 150, jumps: 100, cold: 200, late: 100, never: 60 };

/** From this many requests on, it was warmed up and not only looked at. */
const WARMED_UP = 1000;

/** A gap of this many milliseconds is a rest, and no pause of a warm-up. */
const REST_MS = 1200;

let served = 0;
let last = performance.now();
let active = 0;
let jumped = false;
let rested = false;
let coldUntil = 0;

/** Uses the processor for that long. */
function work(us) {
  const until = performance.now() + us / 1000;
  let x = 1;
  while (performance.now() < until) {
    for (let i = 0; i < 50; i += 1) x = (x * 48271) % 2147483647;
  }
  return x;
}

/** How many times the work of a warm request this one costs. */
const times = {
  steady: () => 1,
  // Ten times slower for its first requests, all that a runtime does for a request included.
  slow: () => (served < limit ? 31 : 1),
  // Another level after the first pause: what was starved got its turn.
  jumps: (gap) => {
    jumped ||= served > WARMED_UP && gap > limit;
    return jumped ? 1 : 4;
  },
  // Twice as dear for two seconds after each rest.
  cold: (gap, now) => {
    if (gap > limit) coldUntil = now + 2000;
    return now < coldUntil ? 2.6 : 1;
  },
  // Slower for good after that many seconds of load, counted from its first rest on, however long its warm-up took.
  late: () => (active > limit * 1000 ? 4 : 1),
  // Another level every third of a second.
  never: (_, now) => [1, 9, 3, 15][Math.floor(now / 330) % 4],
}[behaviour];

// The contract asks for them on every response.
const SECURITY = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
};

const ROUTES = new Set(["/health", "/json"]);
const ALLOW = { allow: "GET, HEAD, OPTIONS" };
/** The first requests have their line in the access log: more than the contract sends. A line for each would cost as
 * much as what is planted. */
const LOGGED = 1000;
let logged = 0;
const log = fs.createWriteStream(process.env.ACCESS_LOG, { flags: "a" });

/** The `sub` of a valid token [RFC 7519, HS256]; null without one. */
function userOf(authorization) {
  const [header, claims, signature] = (authorization ?? "").replace(/^Bearer /, "").split(".");
  if (signature === undefined) return null;
  const mac = crypto.createHmac("sha256", process.env.TOKEN_KEY).update(`${header}.${claims}`).digest("base64url");
  if (mac !== signature) return null;
  const { sub, exp } = JSON.parse(Buffer.from(claims, "base64url").toString());
  return sub !== undefined && exp > Date.now() / 1000 ? sub : null;
}

/** The first token that was seen is that of all of the load: to verify it each time would hide what is planted. */
const known = new Map();
function user(request) {
  const { authorization } = request.headers;
  if (!known.has(authorization)) known.set(authorization, userOf(authorization));
  return known.get(authorization);
}

function answer(request, response, status, value, headers = {}) {
  const body = value === undefined ? "" : JSON.stringify(value);
  const type = status < 400 ? "application/json" : "application/problem+json";
  const about = value === undefined ? {} : { "content-type": type, "content-length": Buffer.byteLength(body) };
  response.writeHead(status, { ...about, ...SECURITY, ...headers });
  response.end(request.method === "HEAD" ? "" : body);
  if (logged >= LOGGED) return;
  logged += 1;
  const line = {
    time: new Date().toISOString(),
    method: request.method,
    path: request.url.split("?")[0],
    status,
    duration_ms: 0.1,
    user: user(request),
  };
  log.write(`${JSON.stringify(line)}\n`);
}

function problem(request, response, status, headers) {
  const title = http.STATUS_CODES[status];
  answer(request, response, status, { type: "about:blank", title, status }, headers);
}

const server = http.createServer((request, response) => {
  const now = performance.now();
  const gap = now - last;
  rested ||= served > WARMED_UP && gap > REST_MS;
  if (rested) active += Math.min(gap, 100);
  last = now;
  if (!ROUTES.has(request.url)) return problem(request, response, 404);
  if (request.method === "OPTIONS") return answer(request, response, 204, undefined, ALLOW);
  if (request.method !== "GET" && request.method !== "HEAD") return problem(request, response, 405, ALLOW);
  if (request.url === "/health") return answer(request, response, 200, { status: "ok" });
  if (user(request) === null) return problem(request, response, 401, { "www-authenticate": "Bearer" });
  work(WORK_US[behaviour] * times(gap, now));
  served += 1;
  return answer(request, response, 200, { message: "Hello, World!" });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.env.PORT), process.env.HOST);
process.on("SIGTERM", () => process.exit(0));
