// Which methods a path has. Fastify finds routes by method first; a second router of its kind knows every path, and is
// asked where Fastify has found nothing.
import FindMyWay from 'find-my-way';
import fp from 'fastify-plugin';

export default fp(
  async function methods(app) {
    const paths = FindMyWay();
    const served = new Map(); // by path as the route has it

    app.addHook('onRoute', ({ url, method }) => {
      if (!served.has(url)) {
        served.set(url, new Set());
        paths.on('GET', url, () => {}, served.get(url));
      }
      for (const name of [method].flat()) served.get(url).add(name);
    });

    app.decorate('methodsAt', (url) => [...(paths.find('GET', url)?.store ?? [])]);
  },
  { name: 'methods' },
);
