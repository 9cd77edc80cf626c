import { fileURLToPath } from 'node:url';
import express from 'express';
import helmet from 'helmet';
import { accessLog } from './access-log.js';
import { authenticate } from './auth.js';
import { handleError, notFound } from './errors.js';
import { health } from './routes/health.js';
import { items } from './routes/items.js';
import { login } from './routes/login.js';
import { many } from './routes/many.js';
import { orders } from './routes/orders.js';
import { page } from './routes/page.js';
import { socket } from './routes/socket.js';
import { streams } from './routes/streams.js';
import { work } from './routes/work.js';
import { unescapePath } from './unescape.js';

export const app = express();
app.use(unescapePath);

app.set('views', fileURLToPath(new URL('views', import.meta.url)));
app.set('view engine', 'ejs');

app.use(accessLog);
app.use(helmet());

app.use('/health', health);
app.use('/login', login);

app.use(authenticate);
app.use('/items', items);
app.use('/orders', orders);
app.use('/page', page);
app.use('/socket', socket);
app.use(work);
app.use(streams);
app.use(many);

app.use(notFound);
app.use(handleError);
