// Which methods a path has. Fastify finds routes by method first; a second router of its kind knows every path, and is
// asked where Fastify has found nothing.
import fp from 'fastify-plugin';
import FindMyWay from 'find-my-way';

export default fp(
  async function methods(app) {
    const paths = FindMyWay();
    const served = new Map<string, Set<string>>(); // by path as the route has it

    app.addHook('onRoute', ({ url, method }) => {
      const known = served.get(url);
      const names = known ?? new Set();
      for (const name of [method].flat()) names.add(name);
      if (known) return;
      served.set(url, names);
      paths.on('GET', url, () => undefined, names);
    });

    app.decorate('methodsAt', (url: string) => [...((paths.find('GET', url)?.store as Set<string> | undefined) ?? [])]);
  },
  { name: 'methods' },
);
