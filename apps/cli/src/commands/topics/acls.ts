import { Command } from 'commander';
import { aclCommands, agenciesOf, applyAcls, provinceAcls, provinceRoles, type AclRow } from '#messaging';
import { contractsIn } from '../../files/contracts.js';
import { printJson, printLines, type Cli } from '../../io.js';
import { accessOf, withBrokers, type BrokerOptions } from './broker-options.js';

interface AclsOptions extends BrokerOptions {
  contracts?: string;
  apply?: boolean;
  json?: boolean;
}

/** Province side: what each agency's account may do on the brokers, printed for reading or put in force. */
export function topicsAcls(cli: Cli): Command {
  const command = withBrokers(new Command('acls'), { required: false })
    .description('province: print what each agency may do on the brokers as kafka-acls commands, or apply it')
    .option('--contracts <dir>', 'contracts folder (default: that of this checkout)')
    .option('--apply', 'put these rules in force: add what is missing, take away what is too much')
    .option('--json', 'print the rules as JSON');
  return command.action(async (options: AclsOptions) => {
    const roles = provinceRoles(contractsIn(options.contracts).agencies.values());
    const rules = provinceAcls(roles);
    const users = agenciesOf(roles);
    if (options.apply) await applyAcls(accessOf(command, options), users, rules);
    if (options.json) return printJson(cli, { applied: options.apply ?? false, users, rules });
    printLines(cli, options.apply ? [applied(users, rules)] : aclCommands(rules));
  });
}

function applied(users: readonly string[], rules: readonly AclRow[]): string {
  return `${rules.length} rules of ${users.length} agencies are in force`;
}
