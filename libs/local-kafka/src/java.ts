import { join } from 'node:path';
import { localKafkaFolder } from './jars.js';

/** For a JVM that lives for a test: little memory, one collector thread, no second compiler. */
const FLAGS = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData'];

/** Arguments of `java` that run one of Kafka's classes; its log goes to `log`. */
export function javaArguments(
  lib: string,
  log: string,
  heap: string,
  main: string,
  ...args: readonly string[]
): string[] {
  const settings = join(localKafkaFolder(), 'log4j2.properties');
  const logging = [`-Dlog4j2.configurationFile=${settings}`, `-Dkafka.log.file=${log}`];
  return [`-Xmx${heap}`, ...FLAGS, ...logging, '-cp', join(lib, '*'), main, ...args];
}
