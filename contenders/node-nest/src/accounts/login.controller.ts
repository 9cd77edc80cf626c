import { Body, Controller, HttpCode, Post, UnauthorizedException } from '@nestjs/common';
import { z } from 'zod';
import { text } from '../http/validation.js';
import { passwordMatches } from './passwords.js';
import { Public } from './public.decorator.js';
import { TokensService } from './tokens.service.js';
import { UsersService } from './users.service.js';

const credentialsSchema = z.object({ username: text(), password: text() });
type Credentials = z.infer<typeof credentialsSchema>;

@Controller('login')
export class LoginController {
  constructor(
    private readonly users: UsersService,
    private readonly tokens: TokensService,
  ) {}

  @Public()
  @Post()
  @HttpCode(200)
  async logIn(@Body({ schema: credentialsSchema }) { username, password }: Credentials) {
    const user = await this.users.find(username);
    if (!(await passwordMatches(password, user)) || !user) {
      throw new UnauthorizedException('unknown user or wrong password');
    }
    return { username, token: await this.tokens.issue(username) };
  }
}

export { credentialsSchema }; // a page checks by it too
