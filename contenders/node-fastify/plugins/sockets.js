// WebSocket for routes that have a `wsHandler`, and the channel by which all sockets of the service are spoken to.
import websocket from '@fastify/websocket';
import fp from 'fastify-plugin';
import channel from './channel.js';

const HEARTBEAT_MS = 30_000;

export default fp(async function sockets(app) {
  const answered = new WeakSet(); // the sockets that have answered since the last heartbeat

  function closeAll(code, reason) {
    for (const socket of app.websocketServer.clients) socket.close(code, reason);
  }

  await app.register(websocket, {
    options: { maxPayload: 65_536, closeTimeout: 5_000 },
    errorHandler(error, socket, request) {
      if (error.code?.startsWith('WS_ERR')) return; // a client's fault; ws closes it, with 1009 where a message is too large
      request.log.error(error);
      socket.close(1011, 'the message was not delivered');
    },
    preClose(done) {
      this.websocketServer.close(); // takes no more of them
      closeAll(1001, 'the server stops');
      done();
    },
  });

  await app.register(channel, {
    hear(message) {
      for (const socket of app.websocketServer.clients) socket.send(message);
    },
    lost() {
      closeAll(1013, 'messages may be missing');
    },
  });

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
});
