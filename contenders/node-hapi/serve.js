// One serving process: listens, and on SIGTERM ends what it is answering before it exits.
import { buildServer } from './app.js';

const GRACE_MS = 12_000; // longer than the slowest route may take

export async function serve() {
  const server = await buildServer();
  let stopping = false;

  const stop = async () => {
    if (stopping) return;
    stopping = true;
    // Closes idle connections now, and the others after the answer they wait for.
    await server.stop({ timeout: GRACE_MS });
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);

  await server.start();
}
