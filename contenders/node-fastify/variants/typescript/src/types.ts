// What the plugins add to Fastify, as its documentation declares it: by merging.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Piscina } from 'piscina';
import type { Channel } from './channel.ts';
import type { Chain } from './collatz.ts';
import type { Items, Orders, Users } from './plugins/database.ts';

declare module 'fastify' {
  interface FastifyInstance {
    items: Items;
    users: Users;
    orders: Orders;
    channel: Channel;
    threads: Piscina<number, Chain>;
    /** The methods of the path of a URL; none where it is no route. */
    methodsAt(url: string): string[];
    logResponse(request: FastifyRequest, reply: FastifyReply): void;
  }

  interface FastifyContextConfig {
    /** The route asks for no token. */
    public?: boolean;
  }
}

declare module '@fastify/jwt' {
  interface FastifyJWT {
    payload: { sub: string };
    user: { sub: string };
  }
}
