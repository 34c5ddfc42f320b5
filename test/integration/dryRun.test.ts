import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

const sources = {
  sources: [
    {
      id: 'cars',
      kind: 'mqtt',
      // Nothing listens there and no such secret is set: a dry run connects to nothing.
      url: 'mqtts://127.0.0.1:1',
      password: { env: 'SECRET_THAT_IS_NOT_SET' },
      topics: ['town/#'],
      newUnit: { kind: 'vehicle', agencyId: 'ce' },
      adapter: {
        id: 'json',
        messageId: 'n',
        rules: [
          {
            fact: 'fix',
            when: { from: 'town/+/pos' },
            fields: { unitId: { level: 1 }, lonDeg: 'x', latDeg: 'y', observedAtMs: { now: true } },
          },
          { fact: 'none', when: { from: 'town/+/debug' } },
        ],
      },
    },
    { id: 'other', kind: 'nats', url: 'nats://127.0.0.1:1', stream: 'S', adapter: 'json' },
  ],
};

function run(files: Record<string, string>, args: string[], input = ''): { code: number | null; out: string[]; err: string } {
  const directory = mkdtempSync(join(tmpdir(), 'wanglou-dry-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [name, content] of Object.entries({ 'sources.json': JSON.stringify(sources), ...files }))
    writeFileSync(join(directory, name), content);
  const env = { ...process.env, INIT_CWD: directory };
  const done = spawnSync(process.execPath, [join(root, 'scripts/dryRun.ts'), ...args], { env, encoding: 'utf8', input, timeout: 20_000 });
  return { code: done.status, out: done.stdout.trimEnd().split('\n'), err: done.stderr };
}

test('the dry run tells message by message what would be accepted or refused and why, and its exit code says which', () => {
  const lines = ['{"n":"1","x":120.49,"y":30.74}', '{"n":"2","x":120.49,"y":95}', 'nonsense', '{"n":"1","x":120.49,"y":30.74}'].join('\n');
  const flags = ['--sources', 'sources.json', '--source', 'cars', '--from', 'town/car-1/pos'];
  const { code, out } = run({ 'a.jsonl': lines }, [...flags, 'a.jsonl']);
  expect(code).toBe(1);
  expect(out).toHaveLength(5);
  expect(out[0]).toMatch(/^a\.jsonl:1: accepted fix \{.*"unitId":"car-1".*"at":\[120\.49,30\.74\]/);
  expect(out[1]).toMatch(/^a\.jsonl:2: refused badField at latDeg: /);
  expect(out[2]).toMatch(/^a\.jsonl:3: refused badJson: not JSON/);
  expect(out[3]).toBe('a.jsonl:4: repeated: a message of this name came before');
  expect(out[4]).toBe('4 messages: 1 accepted, 2 refused (badField 1, badJson 1)');
  const good = run({}, [...flags, '-'], '{"x":120.49,"y":30.74}');
  expect([good.code, good.out.at(-1)]).toEqual([0, '1 message: 1 accepted, 0 refused']);
});

test('a wrong flag or file is one line and exit code 2', () => {
  const none = run({ 'a.json': '{}' }, ['--sources', 'sources.json', 'a.json']);
  expect([none.code, none.err]).toEqual([2, expect.stringMatching(/has 2 sources; say which one: --source cars, --source other\n$/)]);
  const wrong = run({ 'sources.json': '{"sources":[{"id":"x","kind":"fax"}]}' }, ['--sources', 'sources.json', 'a.json']);
  expect([wrong.code, wrong.err]).toEqual([
    2,
    expect.stringMatching(/sources\.json: sources\[0\]\.kind: no such kind of source; there are /),
  ]);
  const absent = run({}, ['--sources', 'sources.json', '--source', 'cars', 'gone.json']);
  expect([absent.code, absent.err]).toEqual([2, 'wanglou: gone.json cannot be read (ENOENT)\n']);
});
