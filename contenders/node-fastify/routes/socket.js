// The WebSocket, and what its messages mean.

function parse(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

export default async function socket(app) {
  const answers = new Map([
    ['echo', (socket, message) => socket.send(message)],
    ['broadcast', (_socket, message) => app.channel.say(message)],
  ]);

  async function answer(socket, text) {
    const { type, data } = parse(text);
    const handler = answers.get(type);
    if (!handler || typeof data !== 'string') {
      const detail = 'a message is a JSON object with `type` echo or broadcast and text as `data`';
      return socket.send(JSON.stringify({ type: 'error', detail }));
    }
    try {
      await handler(socket, JSON.stringify({ type, data }));
    } catch (error) {
      socket.emit('error', error);
    }
  }

  app.route({
    method: 'GET',
    url: '/socket',

    async onRequest(request) {
      if (!request.ws) return;
      try {
        await app.channel.open();
      } catch (error) {
        request.log.error(error);
        throw app.httpErrors.serviceUnavailable('the database does not answer');
      }
    },

    async handler(_request, reply) {
      reply.headers({ connection: 'Upgrade', upgrade: 'websocket' });
      throw app.httpErrors.upgradeRequired();
    },

    wsHandler(socket) {
      socket.on('message', (data, isBinary) => {
        if (isBinary) socket.close(1003, 'messages are text');
        else answer(socket, data.toString());
      });
    },
  });
}
