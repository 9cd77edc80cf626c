// Errors as problem documents, RFC 9457.
import { STATUS_CODES } from 'node:http';

export class Problem extends Error {
  constructor(status, { detail, errors, headers } = {}) {
    super(detail ?? STATUS_CODES[status]);
    this.status = status;
    this.detail = detail;
    this.errors = errors;
    this.headers = headers;
  }

  // JSON.stringify leaves out what is undefined.
  toJSON() {
    const { status, detail, errors } = this;
    return { type: 'about:blank', title: STATUS_CODES[status], status, detail, errors };
  }
}
