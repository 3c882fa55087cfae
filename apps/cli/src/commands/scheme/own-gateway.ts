import { type Command } from 'commander';
import { ExchangeGatewayClient } from '#client';
import { type KeyStore } from '#registry';
import { currentKey } from '../../files/store.js';
import { type Cli } from '../../io.js';
import { integer } from '../../options.js';
import { tellRetries } from '../../tell-retries.js';

/** Options of every command that speaks to the agency's own gateway about its bundle. */
export interface GatewayOptions {
  gateway: string[];
  timeout: number;
  plainHttp?: boolean;
}

export function withTransport(command: Command): Command {
  return command
    .option('--timeout <ms>', 'how long a call may take with all its attempts', integer(100), 30_000)
    .option('--plain-http', 'allow http: to another machine');
}

/** Signs with the http-signature key of the agency's own store. @throws Problem `key-store`, `config-invalid` */
export function ownGateway(
  cli: Cli,
  { gateway, timeout, plainHttp }: GatewayOptions,
  store: KeyStore,
): ExchangeGatewayClient {
  const { id, privateKey } = currentKey(store, 'http-signature', cli.now());
  return new ExchangeGatewayClient({
    gateways: gateway,
    keyId: id,
    privateKey,
    timeoutMs: timeout,
    clock: () => cli.now(),
    plainHttp: plainHttp ? 'anywhere' : 'loopback',
    onRetry: tellRetries(cli),
  });
}
