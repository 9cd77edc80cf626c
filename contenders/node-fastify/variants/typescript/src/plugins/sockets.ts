// WebSocket for routes that have a `wsHandler`, and `app.channel`, by which all sockets of the service are spoken to.
import websocket from '@fastify/websocket';
import fp from 'fastify-plugin';
import type { WebSocket } from 'ws';
import { createChannel } from '../channel.ts';

const HEARTBEAT_MS = 30_000;
const SECURITY_HEADERS = ['X-Content-Type-Options: nosniff', 'X-Frame-Options: DENY', 'Referrer-Policy: no-referrer'];

export default fp(
  async function sockets(app) {
    const answered = new WeakSet<WebSocket>(); // the sockets that have answered since the last heartbeat

    function closeAll(code: number, reason: string): void {
      for (const socket of app.websocketServer.clients) socket.close(code, reason);
    }

    await app.register(websocket, {
      options: { maxPayload: 65_536, ...{ closeTimeout: 5_000 } }, // the types of ws do not know the second yet
      errorHandler(error, socket, request) {
        // A client's fault; ws closes it, with 1009 where a message is too large.
        if ('code' in error && String(error.code).startsWith('WS_ERR')) return;
        request.log.error(error);
        socket.close(1011, 'the message was not delivered');
      },
      preClose(done) {
        app.websocketServer.close(); // takes no more of them
        closeAll(1001, 'the server stops');
        done();
      },
    });

    const channel = createChannel(app, {
      hear(message) {
        for (const socket of app.websocketServer.clients) socket.send(message);
      },
      lost() {
        closeAll(1013, 'messages may be missing');
      },
    });
    app.decorate('channel', channel);
    app.addHook('preClose', async () => channel.close());

    // The 101 is a response as well, and none of Fastify's.
    app.websocketServer.on('headers', (headers) => headers.push(...SECURITY_HEADERS));

    app.websocketServer.on('connection', (socket) => {
      answered.add(socket);
      socket.on('pong', () => answered.add(socket));
    });

    // Finds connections that broke without a word, as the documentation of ws advises.
    setInterval(() => {
      for (const socket of app.websocketServer.clients) {
        if (answered.delete(socket)) socket.ping();
        else socket.terminate();
      }
    }, HEARTBEAT_MS).unref();
  },
  { name: 'sockets' },
);
