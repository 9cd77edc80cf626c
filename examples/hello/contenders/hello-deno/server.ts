function primes(below: number): number {
  let count = 0;
  for (let n = 2; n < below; n += 1) {
    let isPrime = true;
    for (let d = 2; d * d <= n && isPrime; d += 1) isPrime = n % d !== 0;
    if (isPrime) count += 1;
  }
  return count;
}

async function answer(request: Request): Promise<object | undefined> {
  const [, route, value] = new URL(request.url).pathname.split('/');
  const number = /^[0-9]+$/.test(value ?? '') ? Number(value) : undefined;
  switch (`${request.method} ${route}`) {
    case 'GET healthz':
      return { ok: true };
    case 'GET hello':
      return number === undefined ? undefined : { hello: number };
    case 'GET primes':
      return number === undefined ? undefined : { below: number, primes: primes(number) };
    case 'GET pause':
      await new Promise((resolve) => setTimeout(resolve, 20));
      return { paused_ms: 20 };
    case 'POST echo':
      return { text: (await request.json()).text };
    default:
      return undefined;
  }
}

const server = Deno.serve({ hostname: Deno.env.get('HOST'), port: Number(Deno.env.get('PORT')), onListen: () => {} }, async (request) => {
  const body = await answer(request);
  return Response.json(body ?? { error: 'not found' }, { status: body ? 200 : 404 });
});
Deno.addSignalListener('SIGTERM', () => server.shutdown());
