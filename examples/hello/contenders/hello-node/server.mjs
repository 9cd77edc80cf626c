import { createServer } from 'node:http';
import { setTimeout } from 'node:timers/promises';

function primes(below) {
  let count = 0;
  for (let n = 2; n < below; n += 1) {
    let isPrime = true;
    for (let d = 2; d * d <= n && isPrime; d += 1) isPrime = n % d !== 0;
    if (isPrime) count += 1;
  }
  return count;
}

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts));
}

async function answer(request) {
  const [, route, value] = request.url.split('/');
  const number = /^[0-9]+$/.test(value ?? '') ? Number(value) : undefined;
  switch (`${request.method} ${route}`) {
    case 'GET healthz':
      return { ok: true };
    case 'GET hello':
      return number === undefined ? undefined : { hello: number };
    case 'GET primes':
      return number === undefined ? undefined : { below: number, primes: primes(number) };
    case 'GET pause':
      await setTimeout(20);
      return { paused_ms: 20 };
    case 'POST echo':
      return { text: (await bodyOf(request)).text };
    default:
      return undefined;
  }
}

const server = createServer(async (request, response) => {
  const body = await answer(request).catch(() => undefined);
  const text = JSON.stringify(body ?? { error: 'not found' });
  response.writeHead(body ? 200 : 404, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
});
server.listen(Number(process.env.PORT), process.env.HOST);
process.on('SIGTERM', () => server.close());
