// Paths with escapes that nobody needs. `/%6Ason` is `/json` [RFC 3986, 6.2.2.2], but Express decodes parameters only and
// compares the rest of a path as it was sent.

const PATH = /^[^?]*/;
const UNRESERVED = /%(?:2[DE]|3\d|[46][1-9A-F]|[57][\dA]|5F|7E)/gi;

/** The middleware: letters, digits and `-._~` without escapes; all others, an encoded slash above all, stay as they are. */
export function unescapePath(req, _res, next) {
  if (req.url.includes('%')) {
    req.url = req.url.replace(PATH, (path) => path.replace(UNRESERVED, decodeURIComponent));
  }
  next();
}
