// One serving process: listens, and on a signal ends what it is answering before it exits.
import closeWithGrace from 'close-with-grace';
import { buildApp } from './app.ts';

const GRACE_MS = 15_000; // longer than plugins/drain.ts waits

export async function serve(): Promise<void> {
  const app = buildApp();

  closeWithGrace({ delay: GRACE_MS, logger: app.log }, async ({ err }) => {
    if (err) app.log.error(err);
    await app.close();
  });

  await app.listen({ port: Number(process.env.PORT ?? 3000), host: process.env.HOST ?? '127.0.0.1' });
}
