import { Module } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { JwtModule } from '@nestjs/jwt';
import type { Environment } from '../environment.js';
import { LoginController } from './login.controller.js';
import { TokensService } from './tokens.service.js';
import { UsersService } from './users.service.js';

const HOUR_S = 3_600;

@Module({
  imports: [
    JwtModule.registerAsync({
      inject: [ConfigService],
      useFactory: (config: ConfigService<Environment, true>) => ({
        secret: config.get('TOKEN_KEY', { infer: true }),
        signOptions: { algorithm: 'HS256', expiresIn: HOUR_S },
        verifyOptions: { algorithms: ['HS256'] },
      }),
    }),
  ],
  controllers: [LoginController],
  providers: [TokensService, UsersService],
})
export class AccountsModule {}
