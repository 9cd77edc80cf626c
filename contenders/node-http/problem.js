// Errors as problem documents, RFC 9457; the server adds the title, whose words Node.js has.
export class Problem extends Error {
  constructor(status, { detail, errors, headers } = {}) {
    super(detail ?? `status ${status}`);
    this.status = status;
    this.detail = detail;
    this.errors = errors;
    this.headers = headers;
  }

  // JSON.stringify leaves out what is undefined.
  toJSON() {
    const { status, detail, errors } = this;
    return { type: 'about:blank', status, detail, errors };
  }
}
