// The primary process: forks the workers, replaces one that dies, passes the order to stop on.
import cluster from 'node:cluster';

export function supervise(workers: number): void {
  const started = new Set<number>();
  let stopping = false;

  cluster.on('listening', (worker) => started.add(worker.id));
  cluster.on('exit', (worker, code, signal) => {
    if (stopping) return;
    console.error(`worker ${worker.process.pid} ended (${signal ?? code})`);
    // A worker that never listened would fail again at once: give up instead of forking for ever.
    if (!started.delete(worker.id)) process.exit(1);
    cluster.fork();
  });

  const stop = () => {
    stopping = true;
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGTERM');
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);

  for (let count = 0; count < workers; count += 1) cluster.fork();
}
