import { setTimeout } from 'node:timers/promises';
import fastify from 'fastify';

function primes(below) {
  let count = 0;
  for (let n = 2; n < below; n += 1) {
    let isPrime = true;
    for (let d = 2; d * d <= n && isPrime; d += 1) isPrime = n % d !== 0;
    if (isPrime) count += 1;
  }
  return count;
}

const app = fastify();
const json = (properties) => ({ schema: { response: { 200: { type: 'object', properties } } } });
app.get('/healthz', async () => ({ ok: true }));
app.get('/hello/:n(^[0-9]+$)', json({ hello: { type: 'integer' } }), async (request) => ({ hello: Number(request.params.n) }));
app.get('/primes/:n(^[0-9]+$)', json({ below: { type: 'integer' }, primes: { type: 'integer' } }), async (request) => {
  const below = Number(request.params.n);
  return { below, primes: primes(below) };
});
app.get('/pause', async () => {
  await setTimeout(20);
  return { paused_ms: 20 };
});
app.post('/echo', json({ text: { type: 'string' } }), async (request) => ({ text: request.body.text }));

await app.listen({ host: process.env.HOST, port: Number(process.env.PORT) });
process.on('SIGTERM', () => app.close());
