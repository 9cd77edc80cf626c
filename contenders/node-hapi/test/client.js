// The service, asked by hapi's `server.inject`; sockets need its port, and `ws` as their client.
import { once } from 'node:events';
import WebSocket from 'ws';
import { bearer } from './support.js';
import { buildServer } from '../app.js';

let server;

export async function start() {
  server = await buildServer();
  await server.start();
}

export async function stop() {
  await server.stop({ timeout: 1_000 });
}

export async function ask(method, path, { headers = bearer(), json, body = JSON.stringify(json) } = {}) {
  const type = json === undefined ? {} : { 'content-type': 'application/json' };
  const response = await server.inject({ method, url: path, headers: { ...type, ...headers }, payload: body });
  return { status: response.statusCode, headers: response.headers, body: response.rawPayload };
}

export async function openSocket(headers = bearer()) {
  const socket = new WebSocket(`ws://127.0.0.1:${server.info.port}/socket`, { headers });
  await once(socket, 'open');
  return socket;
}
