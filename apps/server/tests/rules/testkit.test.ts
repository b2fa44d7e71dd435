import { everything, isTest, rule } from "./rule.ts";
import { importsOf, told } from "./sources.ts";

rule(
  "neither the product nor the demo stands on the testkit",
  everything.filter((source) => !isTest(source) && !source.path.startsWith("chaos/")),
  (sources) =>
    importsOf(sources)
      .filter(({ target }) => isTestkit(target))
      .filter(({ path }) => !path.startsWith("tools/") || path.startsWith("tools/demo/"))
      .map(told),
  {
    "packages/contract/src/a.ts": 'import "../../testkit/src/api.ts";\n',
    "apps/server/src/a.ts": 'import "@reelay/testkit";\nimport "@reelay/testkit/ports.ts";\n',
    "tools/demo/a.ts": 'import { call } from "@reelay/testkit/api.ts";\n',
    "tools/a.ts": 'import { freePort } from "@reelay/testkit/ports.ts";\n',
  },
  "packages/contract/src/a.ts:1",
  "apps/server/src/a.ts:1",
  "apps/server/src/a.ts:2",
  "tools/demo/a.ts:1",
);

rule(
  "chaos and the testkit stand on no tests, and tests on nothing of chaos but its list of mutants",
  everything,
  (sources) =>
    importsOf(sources)
      .filter(({ path, target }) =>
        path.startsWith("apps/")
          ? target.startsWith("chaos/") && target !== "chaos/mutant-list.ts"
          : /^apps\/\w+\/tests\/|\.test\.ts$/.test(target),
      )
      .map(told),
  {
    "chaos/a.ts": 'import { Person } from "@reelay/testkit/person.ts";\nimport "../apps/server/tests/a.ts";\n',
    "chaos/b/a.ts": 'import "../../packages/contract/src/aliases.test.ts";\n',
    "packages/testkit/src/a.ts": 'import "../../../apps/server/tests/rules/sources.ts";\n',
    "apps/server/tests/a.test.ts": 'import "../../../chaos/mutant-list.ts";\nimport "../../../chaos/cluster.ts";\n',
  },
  "chaos/a.ts:2",
  "chaos/b/a.ts:1",
  "packages/testkit/src/a.ts:1",
  "apps/server/tests/a.test.ts:2",
);

rule(
  "tests reach the testkit by its name, programs by the name of one of its files",
  everything.filter(({ path }) => !path.startsWith("packages/testkit/")),
  (sources) =>
    importsOf(sources)
      .filter(({ target }) => isTestkit(target))
      .filter(({ path, target }) =>
        /^(?:apps|packages)\//.test(path)
          ? target !== "@reelay/testkit"
          : !/^@reelay\/testkit\/[\w-]+\.ts$/.test(target),
      )
      .map(told),
  {
    "apps/server/tests/a.test.ts": 'import "@reelay/testkit";\nimport "../../../packages/testkit/src/person.ts";\n',
    "chaos/a.ts": 'import "@reelay/testkit/redis.ts";\nimport "@reelay/testkit";\n',
    "packages/sdk/tests/a.test.ts": 'import "@reelay/testkit";\nimport "@reelay/testkit/redis.ts";\n',
  },
  "apps/server/tests/a.test.ts:2",
  "chaos/a.ts:2",
  "packages/sdk/tests/a.test.ts:2",
);

function isTestkit(target: string): boolean {
  return /^(?:@reelay|packages)\/testkit(?:\/|$)/.test(target);
}
