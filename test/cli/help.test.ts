import { expect, test } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { temporaryFiles } from "../formats/temporary-files.ts";
import { plumblineIn } from "./run-plumbline.ts";

const run = plumblineIn(temporaryFiles().directory);

test("the help of every command, as people read it (renew with -u and read the diff)", async () => {
  const texts = [run("--help"), ...Object.keys(commands).map((name) => run(name, "--help"))].map(
    ({ status, stdout, stderr }) => {
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      return stdout;
    },
  );
  await expect(texts.join(`\n${"=".repeat(100)}\n\n`)).toMatchFileSnapshot("golden/help.txt");
});
