// The entry: one process that serves, or a primary that keeps WORKERS of them running.
import cluster from 'node:cluster';

const workers = Number(process.env.WORKERS ?? 1);

if (workers > 1 && cluster.isPrimary) {
  const { supervise } = await import('./supervise.ts');
  supervise(workers);
} else {
  const { serve } = await import('./serve.ts');
  await serve();
}
