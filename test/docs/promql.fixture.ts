import { parser } from '@prometheus-io/lezer-promql';

/** What a query reads and groups by. */
export interface Query {
  selectors: { metric: string; labels: string[] }[];
  grouping: string[];
}

type Node = ReturnType<typeof parser.parse>['topNode'];

/** Takes a PromQL apart with Prometheus' own grammar. @throws Error where it is no PromQL */
export function parsePromql(expression: string): Query {
  const tree = parser.parse(expression);
  const query: Query = { selectors: [], grouping: [] };
  const text = ({ from, to }: { from: number; to: number }): string => expression.slice(from, to);
  tree.iterate({
    enter: ({ name, type, node, from }) => {
      if (type.isError) throw new Error(`not PromQL at ${from}: ${expression}`);
      if (name === 'VectorSelector') query.selectors.push(selectorOf(node, text));
      if (name === 'GroupingLabels') query.grouping.push(...node.getChildren('LabelName').map(text));
    },
  });
  return query;
}

function selectorOf(node: Node, text: (node: Node) => string): Query['selectors'][number] {
  const metric = node.getChild('Identifier');
  const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
  return {
    metric: metric ? text(metric) : '',
    labels: matchers.map((matcher) => text(matcher.getChild('LabelName')!)),
  };
}
