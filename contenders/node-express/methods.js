import createError from 'http-errors';

/**
 * The last handler of a route, for `route.all`: tells OPTIONS which methods the route has, and refuses those that it does
 * not have. Express would answer OPTIONS by itself, were there no `all`.
 */
export function otherMethods(req, res) {
  const methods = Object.keys(req.route.methods)
    .filter((name) => name !== '_all')
    .map((name) => name.toUpperCase());
  if (methods.includes('GET')) methods.push('HEAD'); // Express answers it by GET
  const allow = methods.join(', ');
  if (req.method !== 'OPTIONS') throw createError(405, { headers: { Allow: allow } });
  res.status(204).set('Allow', allow).end();
}
