import { type AclRow } from './agency-acls.js';

const OPERATIONS = {
  read: 'Read',
  write: 'Write',
  describe: 'Describe',
  'describe-configs': 'DescribeConfigs',
} as const;

/**
 * The rules as commands of Kafka's own distribution, for an operator who wants to read and run them by hand: one line for
 * each user and resource. `$BOOTSTRAP` and `$ADMIN` (a client properties file) are the operator's.
 */
export function aclCommands(rows: readonly AclRow[]): string[] {
  const byResource = new Map<string, AclRow[]>();
  for (const row of rows) {
    const key = [row.user, row.resource, row.pattern, row.name].join(' ');
    byResource.set(key, [...(byResource.get(key) ?? []), row]);
  }
  return [...byResource.values()].map(command);
}

function command(rows: readonly AclRow[]): string {
  const { user, resource, name, pattern } = rows[0] as AclRow;
  return [
    'kafka-acls.sh --bootstrap-server "$BOOTSTRAP" --command-config "$ADMIN" --add',
    `--allow-principal User:${user}`,
    ...rows.map(({ operation }) => `--operation ${OPERATIONS[operation]}`),
    `--${resource} ${name} --resource-pattern-type ${pattern}`,
  ].join(' ');
}
