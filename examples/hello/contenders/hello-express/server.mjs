import { setTimeout } from 'node:timers/promises';
import express from 'express';

function primes(below) {
  let count = 0;
  for (let n = 2; n < below; n += 1) {
    let isPrime = true;
    for (let d = 2; d * d <= n && isPrime; d += 1) isPrime = n % d !== 0;
    if (isPrime) count += 1;
  }
  return count;
}

const app = express();
app.use(express.json());
// What is no whole number is no route: Express answers 404.
app.param('n', (request, response, next, text) => (/^[0-9]+$/.test(text) ? next() : next('route')));
app.get('/healthz', (request, response) => response.json({ ok: true }));
app.get('/hello/:n', (request, response) => response.json({ hello: Number(request.params.n) }));
app.get('/primes/:n', (request, response) => {
  const below = Number(request.params.n);
  response.json({ below, primes: primes(below) });
});
app.get('/pause', async (request, response) => {
  await setTimeout(20);
  response.json({ paused_ms: 20 });
});
app.post('/echo', (request, response) => response.json({ text: request.body.text }));

const server = app.listen(Number(process.env.PORT), process.env.HOST);
process.on('SIGTERM', () => server.close());
