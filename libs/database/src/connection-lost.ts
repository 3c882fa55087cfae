import { types } from 'node:util';

/**
 * SQLSTATE: class 08 connection exceptions; 57P01–57P03 the server is stopping, crashed or starting; 25P03 it ended a session
 * that said nothing in its transaction; 53300 it has no connection left.
 */
const SQLSTATE = /^(08...|57P0[123]|25P03|53300)$/;
const SYSTEM = /^E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|NOTCONN|HOSTUNREACH|NETUNREACH)$/;
/** node-postgres gives these no code. */
const MESSAGE =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect|timeout expired|Query read timeout)/;

/** Whether the database could not be reached or went away: worth a retry later, and never the statement's own fault. */
export function isConnectionLost(error: unknown): boolean {
  if (!types.isNativeError(error)) return false; // not `instanceof`: Node's own errors are of another realm inside Jest
  return saysSo(error) || wrapped(error).some(isConnectionLost);
}

function saysSo({ code, message }: Error & { code?: unknown }): boolean {
  return (typeof code === 'string' && (SQLSTATE.test(code) || SYSTEM.test(code))) || MESSAGE.test(message);
}

/** What the error carries: its cause, TypeORM's driver error, the attempts of an AggregateError. */
function wrapped({
  cause,
  driverError,
  errors,
}: Error & { driverError?: unknown; errors?: unknown }): unknown[] {
  return [cause, driverError, ...(Array.isArray(errors) ? (errors as unknown[]) : [])];
}
