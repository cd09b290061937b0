import { answerRoutes } from "./answers.ts";
import { auditRoutes } from "./audits.ts";
import { claimRoutes } from "./claims.ts";
import { descriptionRoutes } from "./descriptions.ts";
import { explorationRoutes } from "./exploration.ts";
import { findingRoutes } from "./findings.ts";
import { implementationRoutes } from "./implementations.ts";
import { importRoutes } from "./imports.ts";
import { inventoryRoutes } from "./inventories.ts";
import { linkRoutes } from "./links.ts";
import { measureRoutes } from "./measures.ts";
import { organisationRoutes } from "./organisations.ts";
import { documentRoutes } from "./documents.ts";
import { outcomeRoutes } from "./outcomes.ts";
import { peopleRoutes } from "./members.ts";
import { processRoutes } from "./processes.ts";
import { readinessRoutes } from "./readiness.ts";
import type { Route } from "../route.ts";
import { sessionRoutes } from "./session.ts";
import { tokenRoutes } from "./tokens.ts";
import { trailRoutes } from "./trail.ts";
import { uploadRoutes } from "./uploads.ts";
import { workRoutes } from "./work.ts";

/**
 * Every route of the API. A new resource is a file, a line here and a test; rights, documentation and the
 * tests of both are drawn from this list.
 */
export const routes: readonly Route[] = [
  ...sessionRoutes,
  ...linkRoutes,
  ...organisationRoutes,
  ...peopleRoutes,
  ...tokenRoutes,
  ...processRoutes,
  ...implementationRoutes,
  ...inventoryRoutes,
  ...measureRoutes,
  ...outcomeRoutes,
  ...documentRoutes,
  ...uploadRoutes,
  ...importRoutes,
  ...descriptionRoutes,
  ...auditRoutes,
  ...explorationRoutes,
  ...findingRoutes,
  ...readinessRoutes,
  ...claimRoutes,
  ...answerRoutes,
  ...workRoutes,
  ...trailRoutes,
];
