import { Command } from 'commander';
import {
  ExchangeGatewayClient,
  GatewayError,
  verifyAnswer,
  verifyCall,
  type CallAnswer,
  type VerifiedExchange,
} from '#client';
import { type Contracts } from '#contracts';
import { withoutVerdict } from '../../checks/hits.js';
import { contractsIn } from '../../files/contracts.js';
import { readSigningKey } from '../../files/key-file.js';
import { trustOf, withRegistry, type TrustOptions } from '../../files/trust.js';
import { printable, printJson, printLines, type Cli } from '../../io.js';
import { integer, jsonObject, list, pair, region } from '../../options.js';
import { tellRetries } from '../../tell-retries.js';
import { answerLines } from '../../words/answer.js';
import { findingWords } from '../../words/findings.js';
import { requestOf, type RequestOptions } from './request.js';

interface AskOptions extends RequestOptions, TrustOptions {
  gateway: string[];
  key: string;
  contracts?: string;
  timeout: number;
  plainHttp?: boolean;
  json?: boolean;
}

/** `ask HR-SI-01 --gateway https://… --key FILE --subject ID --purpose … --region …` */
export function ask(cli: Cli): Command {
  const command = withRegistry(new Command('ask'))
    .description(
      'ask a question and print the answer; exit code 1 when it is refused or its evidence does not hold',
    )
    .argument('<code>', 'query, as HR-SI-01 or HR-SI-01@1')
    .requiredOption('--gateway <url...>', 'own gateways, the preferred one first')
    .requiredOption('--key <file>', 'http-signature key of the asking system')
    .option('--request <file>', 'the whole request as JSON, - for standard input')
    .option(
      '--subject <id...>',
      'whom to ask about, id[:type]; ids on a command line are seen by others: prefer --request',
    )
    .option('--purpose <code>', 'purpose of the question')
    .option('--campaign <id>', 'campaign the purpose belongs to')
    .option('--case <id>', 'case the purpose belongs to')
    .option('--region <code>', 'asked region, GB/T 2260', region)
    .option('--fields <names>', 'wanted fields, separated by commas; default: all granted', list)
    .option('--params <json>', 'parameters of the query', jsonObject)
    .option('--claim <name=value>', 'a value to compare with, for every subject; may be repeated', pair)
    .option('--operator <id>', 'who asks, within the agency')
    .option('--deadline <ms>', 'how long to wait for providers', integer(100, 600_000))
    .option('--timeout <ms>', 'how long the call may take with all its attempts', integer(100), 30_000)
    .option('--plain-http', 'allow http: to another machine')
    .option('--contracts <dir>', 'contracts folder, for titles')
    .option('--json', 'print the answer as JSON');
  return command.action((code: string, options: AskOptions) => act(cli, command, code, options));
}

async function act(cli: Cli, command: Command, code: string, options: AskOptions): Promise<void> {
  const contracts = contractsIn(options.contracts);
  const contract = contracts.find(code);
  const request = await requestOf(cli, command, contract, options);
  const trust = trustOf(command, options);
  const key = readSigningKey(options.key);
  const client = new ExchangeGatewayClient({
    gateways: options.gateway,
    ...key,
    timeoutMs: options.timeout,
    clock: () => cli.now(),
    plainHttp: options.plainHttp ? 'anywhere' : 'loopback',
    onRetry: tellRetries(cli),
  });
  const answer = await client
    .ask<string>(code, request)
    .catch((error: unknown) => refused(cli, options, error));
  const verified = trust && verifyAnswer(answer, key.agency, trust);
  print(cli, options, contracts, answer, verified);
  const whole = verified ? verifyCall(answer).findings : [];
  for (const finding of whole) cli.err(`${printable(findingWords(finding))}\n`);
  if (whole.length > 0 || verified?.some((exchange) => !exchange.verified)) cli.exitCode = 1;
}

/** A program that reads the JSON gets the gateway's own document too. */
function refused(cli: Cli, { json }: AskOptions, error: unknown): never {
  if (json && error instanceof GatewayError) printJson(cli, said(error.document));
  throw error;
}

function print(
  cli: Cli,
  { json }: AskOptions,
  contracts: Contracts,
  answer: CallAnswer,
  verified: VerifiedExchange[] | undefined,
): void {
  if (json) printJson(cli, { ...said(answer), ...(verified && { verified }) });
  else printLines(cli, answerLines(contracts, answer, verified));
}

/** A gateway's document, and each exchange in it, without a word of having been checked. */
function said(document: object): object {
  const { exchanges } = document as { exchanges?: object[] };
  const each = Array.isArray(exchanges) && { exchanges: exchanges.map(withoutVerdict) };
  return { ...withoutVerdict(document), ...each };
}
