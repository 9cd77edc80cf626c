import { SetMetadata } from '@nestjs/common';

export const IS_PUBLIC = 'isPublic';

/** A route that asks for no token. */
export const Public = () => SetMetadata(IS_PUBLIC, true);
