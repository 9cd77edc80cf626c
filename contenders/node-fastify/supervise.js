// The primary process: forks the workers, replaces one that dies, passes the order to stop on.
import cluster from 'node:cluster';
import { log } from './log.js';

export function supervise(workers) {
  const started = new Set();
  let stopping = false;

  cluster.on('listening', (worker) => started.add(worker.id));
  cluster.on('exit', (worker, code, signal) => {
    if (stopping) return;
    log.error({ pid: worker.process.pid, code, signal }, 'a worker ended');
    // A worker that never listened would fail again at once: give up instead of forking for ever.
    if (!started.delete(worker.id)) process.exit(1);
    cluster.fork();
  });

  process.on('SIGTERM', () => {
    stopping = true;
    for (const worker of Object.values(cluster.workers)) worker.process.kill('SIGTERM');
  });
  // A terminal interrupts the workers as well, and they take a second signal for an order to end at once.
  process.on('SIGINT', () => {
    stopping = true;
  });

  for (let count = 0; count < workers; count += 1) cluster.fork();
}
