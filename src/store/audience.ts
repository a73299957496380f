/** Who a digest of a series goes to. One condition, so that the audience that is announced is the audience that is frozen. */
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { Tables } from './tables.ts';

/** Active, and taking the series or every series. */
export function whereTakesSeries(series: string) {
  return (expression: ExpressionBuilder<Tables, 'subscribers'>): Expression<SqlBool> =>
    expression.and([
      expression('subscribers.state', '=', 'active'),
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
