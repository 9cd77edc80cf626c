import { createServer } from 'node:http';
import mysql from 'mysql2/promise';
import { createClient } from 'redis';

const redis = await createClient({ url: process.env.REDIS }).connect();
const database = mysql.createPool({
  host: process.env.DB_HOST,
  port: Number(process.env.DB_PORT),
  user: 'root',
  database: 'visits',
  connectionLimit: 5,
});

async function answer(request) {
  const [, route, id, part] = request.url.split('/');
  if (route === 'healthz') return { ok: true };
  if (route !== 'pages' || !/^[0-9]+$/.test(id ?? '')) return undefined;
  if (request.method === 'POST' && part === 'visits') {
    return { page: Number(id), visits: await redis.incr(`page:${id}`) };
  }
  const [rows] = await database.execute('SELECT id, title FROM pages WHERE id = ?', [Number(id)]);
  return rows[0];
}

const server = createServer(async (request, response) => {
  const body = await answer(request).catch((error) => {
    console.error(error);
    return undefined;
  });
  const text = JSON.stringify(body ?? { error: 'not found' });
  response.writeHead(body ? 200 : 404, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
});
server.listen(Number(process.env.PORT), process.env.HOST);
process.on('SIGTERM', () => server.close(() => process.exit()));
