// Routes as a tree of path segments; a segment that begins with `:` is a parameter.

class Segment {
  literals = new Map();
  parameter; // the segment for every other text
  name; // of the parameter that this segment is
  routes = new Map(); // by method

  child(text) {
    if (text.startsWith(':')) {
      this.parameter ??= new Segment();
      this.parameter.name = text.slice(1);
      return this.parameter;
    }
    if (!this.literals.has(text)) this.literals.set(text, new Segment());
    return this.literals.get(text);
  }

  /** The segment at which `texts` end from `at` on; `params` takes the values that are met on the way. */
  find(texts, at, params) {
    if (at === texts.length) return this.routes.size > 0 ? this : undefined;
    const literal = this.literals.get(texts[at])?.find(texts, at + 1, params);
    if (literal || !this.parameter || texts[at] === '') return literal;
    params[this.parameter.name] = texts[at];
    return this.parameter.find(texts, at + 1, params);
  }
}

function split(path) {
  return path.slice(1).split('/');
}

/** The segments of a path, percent-decoded one by one, so that an encoded slash divides none. */
function decode(path) {
  const texts = split(path);
  return path.includes('%') ? texts.map((text) => decodeURIComponent(text)) : texts;
}

export class Router {
  #root = new Segment();

  /** Adds a route. HEAD comes with GET, as node:http leaves the body of its response out. */
  add(method, path, route) {
    const { routes } = split(path).reduce((segment, text) => segment.child(text), this.#root);
    routes.set(method, route);
    if (method === 'GET') routes.set('HEAD', route);
  }

  /** The routes of a path by method, and the values of its parameters; nothing where it is no path of ours. */
  find(path) {
    const params = {};
    try {
      const segment = this.#root.find(decode(path), 0, params);
      return segment && { routes: segment.routes, params };
    } catch (error) {
      if (error instanceof URIError) return undefined; // a broken escape, as in `/items/%ZZ`, names nothing
      throw error;
    }
  }
}
