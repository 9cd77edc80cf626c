// Express for a page, which has no requests: routes are declared and never asked.
const route = { all: () => route, get: () => route, patch: () => route, post: () => route };
const router = { param: () => router, route: () => route };

export default { Router: () => router, json: () => undefined };
