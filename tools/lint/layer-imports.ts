import { relative, sep } from 'node:path';
import type { Rule } from 'eslint';
import { refusal } from './layers.ts';

/** Path of the linted file from the project's root, with forward slashes. */
export const projectPath = (context: Rule.RuleContext): string =>
  relative(context.cwd, context.filename).split(sep).join('/');

/** Holds every file to what its layer may import: static, dynamic, re-exported, required or type only. */
export const layerImports: Rule.RuleModule = {
  meta: { type: 'problem', schema: [], messages: { refused: '{{why}}' } },
  create(context) {
    const file = projectPath(context);
    const check = (node: Rule.Node, source: unknown): void => {
      const specifier = (source as { value?: unknown } | null | undefined)?.value;
      const why = typeof specifier === 'string' ? refusal(file, specifier) : undefined;
      if (why) context.report({ node, messageId: 'refused', data: { why } });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source),
      ExportNamedDeclaration: (node) => check(node, node.source),
      ExportAllDeclaration: (node) => check(node, node.source),
      ImportExpression: (node) => check(node, node.source),
      TSImportType: (node: Rule.Node) => check(node, (node as unknown as { source: unknown }).source),
      CallExpression: (node) => {
        if (node.callee.type === 'Identifier' && node.callee.name === 'require') check(node, node.arguments[0]);
      },
    };
  },
};
