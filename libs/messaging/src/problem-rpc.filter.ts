import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';

/**
 * Hands a handler's error to `ExchangeServer` as it is. Without it Nest replaces every error by `{status: 'error'}` and
 * writes the original, message and all, to its log: a Problem would lose its code and a message could leak a name.
 * Use it wherever `ExchangeServer` is the strategy: `app.useGlobalFilters(new ProblemRpcFilter())`.
 */
@Catch()
export class ProblemRpcFilter implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}
