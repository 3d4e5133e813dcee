import type { Rule, Scope } from 'eslint';
import { projectPath } from './layer-imports.ts';
import { layerOf } from './layers.ts';

/** Globals that bring in the outside: time, chance, the process, the page. */
const OUTSIDE = new Set([
  ...['performance', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'requestAnimationFrame', 'crypto'],
  ...['process', 'Buffer', 'require', 'globalThis', 'global', 'console', 'fetch', 'WebSocket', 'Worker'],
  ...['window', 'document', 'navigator', 'location', 'localStorage', 'sessionStorage', 'self', 'HTMLElement'],
]);

/** Calls on otherwise harmless globals and imports that read the clock or throw dice. */
const IMPURE_MEMBERS: Record<string, readonly string[]> = { Date: ['now'], Math: ['random'], DateTime: ['now'] };

/** Without arguments these mean "now". */
const NOW_WITHOUT_ARGUMENTS: Record<string, readonly string[]> = { DateTime: ['local', 'utc'] };

type Parented = Rule.Node & { parent: Rule.Node };

/** Names used in the file that nothing in it declares. */
function freeReferences(scope: Scope.Scope): Scope.Reference[] {
  const free = scope.through.filter((reference) => !reference.resolved || reference.resolved.defs.length === 0);
  const declaredByConfig = scope.variables
    .filter((variable) => variable.defs.length === 0)
    .flatMap((variable) => variable.references);
  return [...new Set([...free, ...declaredByConfig])].filter(isValueReference);
}

/** Type positions (a parameter typed `Date`) bring nothing in. */
const isValueReference = (reference: Scope.Reference): boolean =>
  (reference as unknown as { isValueReference?: boolean }).isValueReference ?? true;

/** Holds pure layers to being pure: no clock, chance, timer, process or page. */
export const pureLayers: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { impure: '{{layer}} is pure: {{what}} comes in as an argument or not at all' },
  },
  create(context) {
    const layer = layerOf(projectPath(context));
    if (!layer?.pure) return {};
    const report = (node: Rule.Node, what: string): void =>
      context.report({ node, messageId: 'impure', data: { layer: layer.name, what } });
    return {
      Program(node) {
        for (const { identifier } of freeReferences(context.sourceCode.getScope(node))) {
          const { parent } = identifier as unknown as Parented;
          if (OUTSIDE.has(identifier.name)) report(identifier as Rule.Node, identifier.name);
          else if (identifier.name === 'Date' && parent.type === 'CallExpression' && parent.callee === identifier)
            report(parent, 'Date()');
          else if (identifier.name === 'Date' && parent.type === 'NewExpression' && parent.arguments.length === 0)
            report(parent, 'new Date()');
        }
      },
      MemberExpression(node) {
        if (node.object.type !== 'Identifier') return;
        const member = memberName(node);
        const { name } = node.object;
        if (member && IMPURE_MEMBERS[name]?.includes(member)) report(node, `${name}.${member}`);
        const { parent } = node as unknown as Parented;
        const called = parent.type === 'CallExpression' && parent.callee === node && parent.arguments.length === 0;
        if (member && called && NOW_WITHOUT_ARGUMENTS[name]?.includes(member)) report(node, `${name}.${member}()`);
      },
    };
  },
};

function memberName(node: Rule.Node & { type: 'MemberExpression' }): string | undefined {
  if (!node.computed && node.property.type === 'Identifier') return node.property.name;
  return node.property.type === 'Literal' ? String(node.property.value) : undefined;
}
