import { Command } from 'commander';
import { signRequest } from '#identity';
import { readSigningKey } from '../../files/key-file.js';
import { readBytes } from '../../files/read-input.js';
import { type Cli } from '../../io.js';

interface SignOptions {
  key: string;
  url: string;
  method: string;
  data?: string;
}

const METHODS = new Set(['GET', 'POST']);

/** Prints a ready `curl` command for one signed request and nothing else. It is good for a minute and for one use. */
export function keysSignCurl(cli: Cli): Command {
  const command = new Command('sign-curl')
    .description(
      'print a curl command with all headers of one signed request, good for a minute and for one use',
    )
    .requiredOption('--key <file>', 'http-signature key')
    .requiredOption('--url <url>', 'address with path and query')
    .option('--method <method>', 'GET or POST', 'GET')
    .option('--data <body>', 'body, or @file');
  return command.action((options: SignOptions) => {
    const { key, url, data } = options;
    const method = options.method.toUpperCase();
    if (!METHODS.has(method)) command.error('error: --method is GET or POST');
    if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) command.error('error: --url is an http(s) address');
    if ((method === 'POST') !== (data !== undefined))
      command.error('error: a POST has --data, a GET has none');
    cli.out(`${curlCommand(new URL(url), method, data, key, cli.now())}\n`);
  });
}

function curlCommand(url: URL, method: string, data: string | undefined, key: string, now: number): string {
  url.hash = '';
  const body = data === undefined ? undefined : bodyOf(data);
  const { keyId, privateKey } = readSigningKey(key);
  const headers = signRequest({ method, url, keyId, privateKey, now, ...(body && { body }) });
  const words = [
    // The request must reach the gateway as it was signed: no globbing, no path changes.
    ...['curl', '--globoff', '--path-as-is', '--request', method, '--url', url.href],
    ...Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
    ...(data === undefined ? [] : ['--data-binary', data]),
  ];
  return words.map(quoted).join(' ');
}

function bodyOf(data: string): Buffer {
  return data.startsWith('@') ? readBytes(data.slice(1), '--data') : Buffer.from(data);
}

/** A word as every POSIX shell reads it back unchanged. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
