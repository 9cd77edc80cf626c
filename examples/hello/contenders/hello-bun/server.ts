function primes(below: number): number {
  let count = 0;
  for (let n = 2; n < below; n += 1) {
    let isPrime = true;
    for (let d = 2; d * d <= n && isPrime; d += 1) isPrime = n % d !== 0;
    if (isPrime) count += 1;
  }
  return count;
}

const notFound = (): Response => Response.json({ error: 'not found' }, { status: 404 });
const number = (text: string): number | undefined => (/^[0-9]+$/.test(text) ? Number(text) : undefined);

const server = Bun.serve({
  hostname: process.env.HOST,
  port: Number(process.env.PORT),
  routes: {
    '/healthz': Response.json({ ok: true }),
    '/hello/:id': (request) => {
      const id = number(request.params.id);
      return id === undefined ? notFound() : Response.json({ hello: id });
    },
    '/primes/:below': (request) => {
      const below = number(request.params.below);
      return below === undefined ? notFound() : Response.json({ below, primes: primes(below) });
    },
    '/pause': async () => {
      await Bun.sleep(20);
      return Response.json({ paused_ms: 20 });
    },
    '/echo': { POST: async (request) => Response.json({ text: (await request.json()).text }) },
  },
  fetch: notFound,
});
process.on('SIGTERM', () => server.stop());
