import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';
import { layerImports } from './tools/lint/layer-imports.ts';
import { pureLayers } from './tools/lint/pure-layers.ts';

export default tseslint.config(
  { ignores: ['node_modules/', 'out/', 'dist/', '.vigil/', 'test-results/', 'docs/'] },
  tseslint.configs.recommended,
  vue.configs['flat/essential'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    // Names of boards and marks are single words of the field.
    rules: { 'vue/multi-word-component-names': 'off' },
  },
  {
    files: ['**/*.{ts,vue,mjs}'],
    plugins: { vigil: { rules: { 'layer-imports': layerImports, 'pure-layers': pureLayers } } },
    rules: {
      'vigil/layer-imports': 'error',
      'vigil/pure-layers': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // The compiler already says this, with the same exception for rest siblings.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
    },
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  {
    files: ['electron/**/*.ts', 'shared/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
    },
  },
);
