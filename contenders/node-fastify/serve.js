// One serving process: listens, and on SIGTERM ends what it is answering before it exits.
import { buildApp } from './app.js';

export async function serve() {
  const app = buildApp();
  let stopping = false;

  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await app.close();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);

  await app.listen({ port: Number(process.env.PORT ?? 3000), host: process.env.HOST ?? '127.0.0.1' });
}
