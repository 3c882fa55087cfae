import { parseArgs } from 'node:util';

export interface KafkaCommand {
  brokers: 1 | 3;
  secure: boolean;
  json: boolean;
  /** Print the rules as commands and end. */
  printAcls: boolean;
  /** Port of the first broker; the next ones follow it. Absent = free ones. */
  port?: number;
  /** Kept between runs; absent = a temporary folder, removed at the end. */
  data?: string;
}

export const USAGE = `usage: npm run kafka -- [--brokers 1|3] [--secure] [--port N] [--data DIR] [--json]
       npm run kafka -- --print-acls

Starts Apache Kafka on loopback and prints its bootstrap address on standard output when it is ready.

  --brokers N   one broker (default) or three
  --secure      SASL_SSL with SCRAM-SHA-512; a user for each agency of contracts/agencies, bound by its rules, and admin
  --port N      port of the first broker, the next ones follow (default: free ones)
  --data DIR    keep topics and keys in DIR between runs
  --json        print one line of JSON: {bootstrap, brokers, ca, users}
  --print-acls  print the agencies' rules as kafka-acls.sh commands, start nothing
`;

const LARGEST_PORT = 65_535;

/** @throws Error that says what is wrong with the arguments */
export function readOptions(args: string[]): KafkaCommand | 'help' {
  const { values } = parseArgs({
    args,
    strict: true,
    options: {
      brokers: { type: 'string', default: '1' },
      secure: { type: 'boolean', default: false },
      port: { type: 'string' },
      data: { type: 'string' },
      json: { type: 'boolean', default: false },
      'print-acls': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  if (values.data === '') throw new Error('--data wants a folder');
  const brokers = brokersOf(values.brokers);
  return {
    brokers,
    secure: values.secure,
    json: values.json,
    printAcls: values['print-acls'],
    ...(values.port !== undefined && { port: portOf(values.port, brokers) }),
    ...(values.data !== undefined && { data: values.data }),
  };
}

function brokersOf(text: string): 1 | 3 {
  if (text === '1') return 1;
  if (text === '3') return 3;
  throw new Error('--brokers wants 1 or 3');
}

function portOf(text: string, brokers: number): number {
  const port = /^\d+$/.test(text) ? Number(text) : NaN;
  const most = LARGEST_PORT - brokers + 1;
  if (!(port >= 1 && port <= most)) throw new Error(`--port wants a whole number from 1 to ${most}`);
  return port;
}
