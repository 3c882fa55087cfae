import { type Command } from 'commander';
import { type KafkaAccess } from '#messaging';
import { readText } from '../../files/read-input.js';
import { list } from '../../options.js';

/** How the cluster is reached, and as whom. */
export interface BrokerOptions {
  brokers?: string[];
  user?: string;
  passwordFile?: string;
  ca?: string;
  cleartext?: boolean;
}

/** For a command that also works without a cluster, `brokers` may be absent. */
export function withBrokers(command: Command, { required }: { required: boolean }): Command {
  const [flags, description] = ['--brokers <host:port,…>', 'brokers of the cluster to begin with'] as const;
  const described = required
    ? command.requiredOption(flags, description, list)
    : command.option(flags, description, list);
  return described
    .option('--user <name>', 'SCRAM account that may alter the cluster')
    .option('--password-file <file>', 'its password')
    .option('--ca <file>', 'PEM of the authority that signed the brokers’ certificates: with it, TLS')
    .option('--cleartext', 'with --user and without --ca: what is sent can be read and changed on its way');
}

/** @throws CommanderError for options that do not go together; Problem `input-unreadable` naming the option */
export function accessOf(command: Command, options: BrokerOptions): KafkaAccess {
  const { brokers, user, passwordFile, ca, cleartext = false } = options;
  if (brokers === undefined) return command.error('error: --brokers is wanted');
  if ((user === undefined) !== (passwordFile === undefined))
    return command.error('error: --user and --password-file belong together');
  if (user !== undefined && ca === undefined && !cleartext)
    return command.error('error: --user wants --ca, or --cleartext to go without TLS');
  return {
    brokers,
    ...(ca !== undefined && { ssl: { ca: readText(ca, '--ca') } }),
    ...(user !== undefined && {
      sasl: { username: user, password: readText(passwordFile!, '--password-file').trimEnd() },
    }),
  };
}
