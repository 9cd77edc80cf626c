// Requests that ask to be upgraded go through the application like all others, so that its routes, tokens and errors hold
// for them.
import { ServerResponse } from 'node:http';

export function acceptUpgrades(server, app) {
  server.on('upgrade', (req, connection, head) => {
    connection.on('error', () => connection.destroy());
    const res = new ServerResponse(req);
    res.assignSocket(connection);
    res.setHeader('Connection', 'close'); // for a response that is no upgrade
    res.once('finish', () => connection.end());
    req.upgradeHead = head;
    app(req, res);
  });
}
