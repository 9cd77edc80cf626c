import Koa from 'koa';
import Router from '@koa/router';
import bodyParser from 'koa-bodyparser';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: Number(process.env.DATABASE_POOL) });
const router = new Router({ prefix: '/api' });
router.get('/healthz', async (ctx) => {
  await pool.query('SELECT 1');
  ctx.body = 'ok';
});
router.get('/rooms/:id', async (ctx) => {
  const { rows } = await pool.query({ name: 'room', text: 'SELECT id, name, seats FROM rooms WHERE id = $1', values: [ctx.params.id] });
  if (rows.length === 0) ctx.throw(404);
  ctx.body = rows[0];
});
router.get('/rooms/:id/bookings', async (ctx) => {
  const text = "SELECT id, to_char(day, 'YYYY-MM-DD') AS day, who FROM bookings WHERE room = $1 ORDER BY day, id LIMIT 10";
  ctx.body = (await pool.query({ name: 'bookings', text, values: [ctx.params.id] })).rows;
});
router.post('/bookings', async (ctx) => {
  const { room, day, who } = ctx.request.body;
  const text = 'INSERT INTO bookings (room, day, who) VALUES ($1, $2, $3) RETURNING id, room';
  ctx.status = 201;
  ctx.body = (await pool.query({ name: 'book', text, values: [room, day, who] })).rows[0];
});
const app = new Koa();
app.use(bodyParser()).use(router.routes()).use(router.allowedMethods());
const server = app.listen(Number(process.env.PORT), process.env.HOST);
process.on('SIGTERM', () => server.close(() => pool.end()));
