import { readCommandLine, SIGNAL_EXITS } from '#config';
import { type LocalKafka } from '#local-kafka';
import { aclCommands, provinceAcls } from '#messaging';
import { explain } from '#problem';
import { type KafkaCommand, readOptions, USAGE } from './options.js';
import { rolesOfContracts } from './roles.js';
import { serve, type Served } from './serve.js';

/** Nothing else holds this process up while the brokers run. */
const FOR_EVER_MS = 2 ** 31 - 1;

async function main(): Promise<void> {
  const command = readCommandLine(USAGE, readOptions);
  if (command.printAcls) {
    process.stdout.write(`${aclCommands(provinceAcls(rolesOfContracts())).join('\n')}\n`);
    return;
  }
  setInterval(() => undefined, FOR_EVER_MS);
  const ended = new Promise<number>((end) => {
    const serving = serve(command, (broker, lastLines) => {
      process.stderr.write(`Kafka broker ${broker} has ended:\n${lastLines}\n`);
      void closed(serving).then(() => end(1));
    });
    for (const [signal, code] of Object.entries(SIGNAL_EXITS)) {
      process.on(signal, () => void closed(serving).then(() => end(code)));
    }
    serving.then(
      ({ kafka }) => print(kafka, command),
      (error: unknown) => {
        process.stderr.write(`${explain(error)}\n`);
        end(1);
      },
    );
  });
  process.exit(await ended);
}

/** A signal may come before it has started: what has begun to open is opened, and then closed. */
async function closed(serving: Promise<Served>): Promise<void> {
  const served = await serving.catch(() => undefined); // a failed start has cleaned up, and is reported where it is started
  await served?.close();
}

/** One line, so that a script can wait for it; passwords only where they are asked for. */
function print(kafka: LocalKafka, { json, secure }: KafkaCommand): void {
  const bootstrap = kafka.bootstrap.join(',');
  const users = kafka.users && { ca: kafka.caFile, users: kafka.users };
  process.stdout.write(
    json ? `${JSON.stringify({ bootstrap, brokers: kafka.bootstrap, ...users })}\n` : `${bootstrap}\n`,
  );
  if (secure && !json) process.stderr.write('passwords and certificate: start it with --json\n');
}

await main();
