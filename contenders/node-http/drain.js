// Stopping without losing what is being answered: `server.close` alone would wait for clients that keep their
// connection open.
const GRACE_MS = 12_000; // longer than the slowest route may take

/** Watches `server`; the function that it returns stops it and resolves when the last connection is closed. */
export function drainable(server) {
  const answering = new Set();

  // Before the application sees the request: while stopping, an answer is the last on its connection.
  server.prependListener('request', (_req, res) => {
    if (!server.listening) res.setHeader('Connection', 'close');
    answering.add(res);
    res.once('close', () => {
      answering.delete(res);
      if (!server.listening) closeIfDone();
    });
  });

  function closeIfDone() {
    if (answering.size === 0) server.closeAllConnections();
  }

  return () =>
    new Promise((resolve) => {
      server.close(resolve);
      for (const res of answering) {
        if (!res.headersSent) res.setHeader('Connection', 'close');
      }
      closeIfDone();
      setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
    });
}
