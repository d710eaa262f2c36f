import tseslint from 'typescript-eslint'
import globals from 'globals'

/**
 * The walls between the rooms: what a room may not import. `protocol` stands under everything;
 * `agent`, `functions` and `client` know only it; `local`, `test` and `bench` may know all.
 */
const walls = {
  protocol: ['agent', 'functions', 'client', 'viewer', 'cli', 'lib', 'bin', 'local', 'test'],
  agent: ['functions', 'client', 'viewer', 'cli', 'lib', 'bin', 'local', 'test'],
  functions: ['agent', 'client', 'viewer', 'cli', 'lib', 'bin', 'local', 'test'],
  client: ['agent', 'functions', 'viewer', 'cli', 'lib', 'bin', 'local', 'test'],
  viewer: ['agent', 'functions', 'cli', 'lib', 'bin', 'local', 'test'],
  cli: ['functions', 'viewer', 'lib', 'bin', 'local', 'test'],
  lib: ['protocol', 'agent', 'client', 'viewer', 'cli', 'bin', 'local', 'test'],
  bin: ['protocol', 'agent', 'client', 'viewer', 'cli', 'functions', 'local', 'test'],
  local: ['client', 'viewer', 'cli', 'lib', 'bin', 'test', 'bench'],
}

/** The one-machine run and the cloud serve the same viewer under the same headers. */
const viewerBuild = '(?!(security-headers|build)\\.ts$)'

const wall = ([room, forbidden]) => ({
  files: [`${room}/**/*.ts`, `${room}/**/*.tsx`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...forbidden.map((other) => ({
            regex: `^(\\.\\./)+${other}/${other === 'viewer' && (room === 'lib' || room === 'local') ? viewerBuild : ''}`,
            message: `${room}/ may not import ${other}/ (docs/ARCHITECTURE.md, "The rooms").`,
          })),
          ...(room === 'lib'
            ? [
                {
                  regex:
                    '^(\\.\\./)+functions/(?!(env|routes|deployment|relay/table/alive-index)\\.ts$)',
                  message: 'lib/ knows functions/ only by its tables and by the paths of entries.',
                },
              ]
            : []),
        ],
      },
    ],
  },
})

export default tseslint.config(
  { ignores: ['node_modules/', 'dist/', 'cdk.out/', 'coverage/', '.data/'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: {
      globals: globals.node,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { arguments: false, attributes: false } },
      ],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
  { files: ['test/**', 'bench/**', 'bin/**', 'local/main.ts'], rules: { 'no-console': 'off' } },
  ...Object.entries(walls).map(wall),
)
