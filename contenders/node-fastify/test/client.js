// The service without a port: Fastify's `inject`, and `injectWS` of its WebSocket plugin.
import { bearer } from './support.js';
import { buildApp } from '../app.js';

const app = buildApp();

export async function start() {
  await app.ready();
}

export async function stop() {
  await app.close();
}

export async function ask(method, path, { headers = bearer(), json, body = json } = {}) {
  const response = await app.inject({ method, url: path, headers, payload: body });
  return { status: response.statusCode, headers: response.headers, body: response.rawPayload };
}

export async function openSocket(headers = bearer()) {
  return app.injectWS('/socket', { headers });
}
