// Nest for a page, which has no requests: decorators that decorate nothing, and the pipe without its arguments.
import type { StandardSchemaV1 } from '@standard-schema/spec';

const decorator = () => () => undefined;

export {
  decorator as Body,
  decorator as Controller,
  decorator as Get,
  decorator as HttpCode,
  decorator as Post,
  decorator as Query,
  decorator as SetMetadata,
};

export class UnauthorizedException extends Error {}
export class UnprocessableEntityException extends Error {}

type Issues = readonly StandardSchemaV1.Issue[];

export class StandardSchemaValidationPipe {
  constructor(private readonly options: { exceptionFactory: (issues: Issues) => Error }) {}

  async transform(value: unknown, { schema }: { schema: StandardSchemaV1 }) {
    const { issues } = await schema['~standard'].validate(value);
    if (issues) throw this.options.exceptionFactory(issues);
  }
}
