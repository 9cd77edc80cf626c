// While stopping, an answer is the last on its connection: Fastify sees to requests that come then,
// this to those that were being answered.
import fp from 'fastify-plugin';

export default fp(async function drain(app) {
  let stopping = false;

  app.addHook('preClose', async () => {
    stopping = true;
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (stopping) reply.header('connection', 'close');
    done(null, payload);
  });
});
