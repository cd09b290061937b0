import { buildPages } from "../src/web/build.ts";

/** Builds the pages once for all test files, when they are older than what they are made of. */
export default async function setup(): Promise<void> {
  await buildPages();
}
