/** Who a digest of a series goes to. One condition, so that the audience that is announced is the audience that is frozen. */
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { Tables } from './tables.ts';

/** Active, not pausing at `now` (milliseconds), and taking the series or every series. */
export function whereTakesSeries(series: string, now: number) {
  return (expression: ExpressionBuilder<Tables, 'subscribers'>): Expression<SqlBool> =>
    expression.and([
      expression('subscribers.state', '=', 'active'),
      expression.or([
        expression('subscribers.paused_until', 'is', null),
        expression('subscribers.paused_until', '<=', now),
      ]),
      expression.or([
        expression('subscribers.takes_all', '=', 1),
        expression.exists(
          expression
            .selectFrom('cadences')
            .select('cadences.series')
            .whereRef('cadences.subscriber', '=', 'subscribers.id')
            .where('cadences.series', '=', series),
        ),
      ]),
    ]);
}
