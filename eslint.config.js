import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** A type-only import of a DTO erases its decorator metadata and switches validation off in silence. */
const dtoNeedsValue = {
  selector: "ImportDeclaration[importKind='type'][source.value=/\\.dto\\.js$/]",
  message: 'Import a DTO class as a value: a type import switches its validation off.',
};
const dtoSpecifierNeedsValue = {
  selector: "ImportSpecifier[importKind='type'][imported.name=/Dto$/]",
  message: 'Import a DTO class as a value: a type import switches its validation off.',
};
const noRealLookingId = {
  selector:
    'Literal[value=/(^|[^0-9A-Za-z])(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5])[0-9]{4}(19|20)[0-9]{2}(0[1-9]|1[0-2])[0-3][0-9][0-9]{3}[0-9Xx]([^0-9]|$)/]',
  message: 'This looks like a real citizen ID. Synthetic people only (region prefix 99).',
};
const noRealLookingPhone = {
  selector: 'Literal[value=/(^|[^0-9A-Za-z])1[3-9][0-9]{9}([^0-9]|$)/]',
  message: 'This looks like a real mobile phone. Use the 10x prefix, which is nobody’s.',
};

export default tseslint.config(
  { ignores: ['dist', 'coverage', '.cache', 'node_modules', 'libs/contracts/src/generated', 'contracts'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', { max: 50, skipComments: true, skipBlankLines: true }],
      complexity: ['error', 10],
      'no-restricted-syntax': [
        'error',
        dtoNeedsValue,
        dtoSpecifierNeedsValue,
        noRealLookingId,
        noRealLookingPhone,
      ],
    },
  },
  {
    files: ['**/*.spec.ts', 'test/**/*.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', URL: 'readonly', module: 'writable' },
    },
  },
  prettier,
);
