import { fileURLToPath } from 'node:url';
import express from 'express';
import { handleError, notFound } from './errors.js';
import { items } from './routes/items.js';
import { login } from './routes/login.js';
import { many } from './routes/many.js';
import { page } from './routes/page.js';
import { work } from './routes/work.js';
import { health } from './routes/health.js';
import { socket } from './routes/socket.js';
import { streams } from './routes/streams.js';

export const app = express();

app.disable('x-powered-by');
app.set('views', fileURLToPath(new URL('views', import.meta.url)));
app.set('view engine', 'ejs');

app.use('/health', health);
app.use('/items', items);
app.use('/page', page);
app.use('/login', login);
app.use('/socket', socket);
app.use(work);
app.use(streams);
app.use(many);

app.use(notFound);
app.use(handleError);
